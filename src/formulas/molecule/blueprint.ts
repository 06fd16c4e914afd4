import { GATE_TYPES } from '../../beads/gates/types.ts';
import type { NewBead } from '../../beads/types.ts';
import { parseDuration } from '../../core/duration.ts';
import { spawnerOf } from '../check.ts';
import type { Cooked } from '../cook.ts';
import type { Formula, Gate, Step } from '../formula.ts';
import { cannotCook } from '../parse.ts';
import type { Values } from '../variables.ts';

/** A molecule before it has rows: what a formula or a stored proto asks for. */
export interface Blueprint {
  /** Name of the formula, or id of the proto. */
  readonly name: string;
  /** The root first, every parent before its children. */
  readonly nodes: readonly BlueprintNode[];
  /** Between nodes, by key; without parent-child. */
  readonly edges: readonly BlueprintEdge[];
  readonly phase: Formula['phase'];
  /** Steps become rows also in a wisp; otherwise they are read from the formula when needed. */
  readonly pour: boolean;
  readonly warnings: readonly string[];
}

export interface BlueprintNode {
  /** `<formula>.<step>`; the root's is the name alone. */
  readonly key: string;
  readonly parent: string | undefined;
  readonly bead: Omit<NewBead, 'id' | 'parent' | 'keep'>;
}

export interface BlueprintEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  /** JSON text. */
  readonly metadata: string;
}

/** Metadata key of a molecule's root: which formula it runs, and with which values. */
export const FORMULA_KEY = 'formula';
const VALUES_KEY = 'formula_vars';
/** Metadata key of a step that makes more molecules when it is closed. */
export const ON_COMPLETE_KEY = 'on_complete';
/** Kept on the steps of a stored proto, so that pouring it can still leave them out. */
export const CONDITION_KEY = 'condition';

/** Throws UsageError `formula.bad` for a gate that nothing could open. */
export function blueprintOf(cooked: Cooked): Blueprint {
  const { formula } = cooked;
  const draft: Draft = { cooked, keys: new Map(), nodes: [rootNode(cooked)], edges: [] };
  addSteps(draft, cooked.steps, formula.formula);
  return {
    name: formula.formula,
    nodes: draft.nodes,
    edges: [...draft.edges, ...stepEdges(draft, cooked.steps)],
    phase: formula.phase,
    pour: formula.pour ?? false,
    warnings: cooked.warnings,
  };
}

interface Draft {
  readonly cooked: Cooked;
  /** Step id → key. */
  readonly keys: Map<string, string>;
  readonly nodes: BlueprintNode[];
  readonly edges: BlueprintEdge[];
}

function rootNode({ formula, title, description, values }: Cooked): BlueprintNode {
  return {
    key: formula.formula,
    parent: undefined,
    bead: {
      title: title.trim() === '' ? formula.formula : title.slice(0, 500),
      description: description.trim(),
      type: 'molecule',
      metadata: { [FORMULA_KEY]: formula.formula, ...rootFacts(values) },
      ...wispType(values),
    },
  };
}

function rootFacts(values: Values): Record<string, unknown> {
  const set = Object.entries(values).filter(([, value]) => value !== '');
  return set.length === 0 ? {} : { [VALUES_KEY]: Object.fromEntries(set) };
}

/** Patrol formulas say by this variable how long their wisps are kept. */
function wispType(values: Values): { readonly wispType?: string } {
  const type = values['wisp_type'] ?? '';
  return type === '' ? {} : { wispType: type };
}

function addSteps(draft: Draft, steps: readonly Step[], parent: string): void {
  for (const step of steps) {
    const key = `${parent}.${step.id}`;
    draft.keys.set(step.id, key);
    draft.nodes.push({ key, parent, bead: beadOf(step) });
    if (step.gate !== undefined) {
      const gate = `${parent}.gate-${step.id}`;
      draft.nodes.push({ key: gate, parent, bead: gateBead(draft.cooked.formula, step, step.gate) });
      draft.edges.push(blocks(key, gate));
    }
    addSteps(draft, step.children, key);
  }
}

function beadOf(step: Step): BlueprintNode['bead'] {
  const waits = step.waits_for === undefined ? [] : [`gate:${gateWord(step.waits_for)}`];
  const kept = {
    ...step.metadata,
    ...(step.on_complete === undefined ? {} : { [ON_COMPLETE_KEY]: step.on_complete }),
    ...(step.condition === undefined ? {} : { [CONDITION_KEY]: step.condition }),
  };
  return {
    title: step.title,
    description: step.description?.trim() ?? '',
    notes: step.notes?.trim() ?? '',
    acceptanceCriteria: step.acceptance?.trim() ?? '',
    type: step.children.length > 0 ? 'epic' : (step.type ?? 'task'),
    priority: step.priority ?? 2,
    labels: [...(step.labels ?? []), ...waits],
    ...(Object.keys(kept).length === 0 ? {} : { metadata: kept }),
    ...(step.assignee === undefined ? {} : { assignee: step.assignee }),
  };
}

function gateBead(formula: Formula, step: Step, gate: Gate): BlueprintNode['bead'] {
  if (!GATE_TYPES.some((type) => type === gate.type) && !gate.type.includes('{{')) {
    throw cannotCook(
      formula,
      `step ${step.id}: gate.type is one of ${GATE_TYPES.join(', ')}, not ${gate.type}`,
    );
  }
  if (gate.type === 'timer' && gate.timeout === undefined) {
    throw cannotCook(formula, `step ${step.id}: a timer gate needs a timeout`);
  }
  const target = gate.await_id ?? '';
  return {
    title: `Gate: ${gate.type}${target === '' ? '' : ` ${target}`}`.slice(0, 500),
    description: `Holds back step ${step.id}`,
    type: 'gate',
    awaitType: gate.type,
    awaitId: target,
    ...(gate.timeout === undefined || gate.timeout.includes('{{')
      ? {}
      : { timeoutMs: parseDuration(gate.timeout) }),
  };
}

function gateWord(waitsFor: string): 'all-children' | 'any-children' {
  return waitsFor === 'any-children' ? 'any-children' : 'all-children';
}

function stepEdges(draft: Draft, steps: readonly Step[]): readonly BlueprintEdge[] {
  return steps.flatMap((step) => [...needEdges(draft, step), ...stepEdges(draft, step.children)]);
}

/**
 * One edge per pair is all that there can be. Who waits for any child of a step it needs anyway gets waits-for in
 * place of blocks; for all children `blocks` stays, and each child gets its own edge when it is bonded.
 */
function needEdges({ keys }: Draft, step: Step): readonly BlueprintEdge[] {
  const from = keys.get(step.id) ?? '';
  const spawner = spawnerOf(step);
  const any = step.waits_for === 'any-children';
  const needs = step.needs.filter((need) => !(any && need === spawner));
  const edges = needs.map((need) => blocks(from, keys.get(need) ?? ''));
  if (spawner === undefined || needs.includes(spawner)) return edges;
  const metadata = JSON.stringify({ gate: gateWord(step.waits_for ?? '') });
  return [...edges, { from, to: keys.get(spawner) ?? '', type: 'waits-for', metadata }];
}

function blocks(from: string, to: string): BlueprintEdge {
  return { from, to, type: 'blocks', metadata: '{}' };
}
