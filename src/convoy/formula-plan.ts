import type { NewBead, NewGraph } from '../beads/types.ts';
import { oneLine } from '../core/text.ts';
import type { ConvoyPlan } from '../formulas/convoy.ts';
import type { Blueprint } from '../formulas/molecule/blueprint.ts';

/** A formula about to be run: everything that will be written, ids included. */
export interface FormulaRun {
  readonly formula: string;
  readonly type: 'convoy' | 'workflow';
  /** The row of the town that tracks all of it. */
  readonly root: { readonly id: string; readonly title: string; readonly description: string };
  readonly rig: string;
  readonly outputDirectory: string;
  readonly beads: readonly RunBead[];
  readonly edges: NewGraph['edges'];
  readonly warnings: readonly string[];
}

export interface RunBead {
  readonly kind: 'leg' | 'synthesis' | 'step';
  /** Of the leg or step in the formula. */
  readonly name: string;
  readonly bead: NewBead & { readonly id: string };
  /** Runtime that takes it; absent = the rig's. */
  readonly agent: string | undefined;
  readonly reviewOnly: boolean;
  /** Ids that come before it. */
  readonly after: readonly string[];
  /** False for what nobody works on: gates, and steps that only hold others. */
  readonly isWork: boolean;
}

export interface RunNames {
  readonly formula: string;
  readonly rig: string;
  /** Beads are `<prefix>-<kind>-<hash>`. */
  readonly prefix: string;
  /** A new hash each time, five of base 36. */
  readonly hash: () => string;
}

const blocks = (from: string, to: string) => ({ from, to, type: 'blocks', metadata: '{}' }) as const;

/** One bead a leg, and the synthesis after all of them. Pure but for `hash`. */
export function planConvoyRun(plan: ConvoyPlan, names: RunNames): FormulaRun {
  const root = { id: `hq-cv-${names.hash()}`, title: names.formula, description: plan.description.trim() };
  const legs = plan.legs.map((leg): RunBead => ({
    kind: 'leg',
    name: leg.id,
    bead: {
      id: `${names.prefix}-leg-${names.hash()}`,
      title: oneLine(`${leg.title} (${names.formula})`, 500),
      description: leg.description,
    },
    agent: leg.agent,
    reviewOnly: leg.reviewOnly,
    after: [],
    isWork: true,
  }));
  const synthesis = planSynthesis(plan, { names, legs });
  return {
    formula: names.formula,
    type: 'convoy',
    root,
    rig: names.rig,
    outputDirectory: plan.outputDirectory,
    beads: [...legs, ...synthesis],
    edges: synthesis.flatMap(({ bead, after }) => after.map((leg) => blocks(bead.id, leg))),
    warnings: [],
  };
}

function planSynthesis(
  { synthesis }: ConvoyPlan,
  { names, legs }: { readonly names: RunNames; readonly legs: readonly RunBead[] },
): readonly RunBead[] {
  if (synthesis === undefined) return [];
  const before = legs.filter((leg) => synthesis.dependsOn.includes(leg.name));
  // A leg that only reviews does not land: its file is on the branch that its close reason names.
  const found = [
    'What each leg wrote is on the main branch, or on the branch that its close reason names (bd show <id>):',
    ...before.map(({ bead }) => `- ${bead.id} ${bead.title}`),
  ].join('\n');
  return [
    {
      kind: 'synthesis',
      name: 'synthesis',
      bead: {
        id: `${names.prefix}-syn-${names.hash()}`,
        title: oneLine(`${synthesis.title} (${names.formula})`, 500),
        description: `${synthesis.description.trim()}\n\n${found}`,
      },
      agent: undefined,
      reviewOnly: legs.every((leg) => leg.reviewOnly),
      after: before.map(({ bead }) => bead.id),
      isWork: true,
    },
  ];
}

/** One bead a step, in the order of the formula. Pure but for `hash`. */
export function planWorkflowRun(
  blueprint: Blueprint,
  names: RunNames,
  { agent, reviewOnly }: { readonly agent: string | undefined; readonly reviewOnly: boolean },
): FormulaRun {
  const [top, ...nodes] = blueprint.nodes;
  const ids = new Map(nodes.map(({ key }) => [key, `${names.prefix}-wfs-${names.hash()}`] as const));
  const idOf = (key: string) => ids.get(key) ?? '';
  const edges = [
    ...blueprint.edges.map((edge) => ({ ...edge, from: idOf(edge.from), to: idOf(edge.to) })),
    ...nodes.flatMap(({ key, parent }) =>
      parent === undefined || parent === top?.key
        ? []
        : [{ from: idOf(key), to: idOf(parent), type: 'parent-child', metadata: '{}' }],
    ),
  ];
  return {
    formula: names.formula,
    type: 'workflow',
    root: {
      id: `hq-wf-${names.hash()}`,
      title: top?.bead.title ?? names.formula,
      description: top?.bead.description ?? '',
    },
    rig: names.rig,
    outputDirectory: '',
    beads: nodes.map(({ key, bead }) => ({
      kind: 'step',
      name: key.slice((top?.key.length ?? 0) + 1),
      bead: { ...bead, id: idOf(key) },
      agent,
      reviewOnly,
      after: edges.filter((edge) => edge.from === idOf(key) && edge.type === 'blocks').map((edge) => edge.to),
      isWork: bead.type !== 'gate' && bead.type !== 'epic',
    })),
    edges,
    warnings: blueprint.warnings,
  };
}
