import { contentOf } from '../../beads/content-of.ts';
import { SCRIPT_KEY, WRAPPER_KEY } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';
import * as z from 'zod/mini';
import { readCondition } from '../conditions.ts';
import { cannotCookProto } from './errors.ts';
import type { Cooked } from '../cook.ts';
import type { VarDef } from '../formula.ts';
import { mapTexts } from '../steps.ts';
import { fillPlaces, placesIn, resolveValues, type Values } from '../variables.ts';
import { CONDITION_KEY, FORMULA_KEY, blueprintOf, type Blueprint, type BlueprintNode } from './blueprint.ts';
import { readMolecule, type Molecule } from './read.ts';

/** Label of a stored proto's root. */
export const PROTO_LABEL = 'template';
/** Metadata key of a proto's root: the variables that its formula declares. */
const DEFINITIONS_KEY = 'vars';

/** The blueprint of a formula that is stored uncooked: it remembers the variables and whether its steps are poured. */
export function protoBlueprint(cooked: Cooked): Blueprint {
  const blueprint = blueprintOf(cooked);
  const { pour, vars } = cooked.formula;
  const facts = { ...(pour === true ? { pour } : {}), [DEFINITIONS_KEY]: vars };
  return {
    ...blueprint,
    nodes: blueprint.nodes.map((node) =>
      node.parent === undefined
        ? { ...node, bead: { ...node.bead, metadata: { ...node.bead.metadata, ...facts } } }
        : node,
    ),
  };
}

export function isProto(bead: Bead): boolean {
  return bead.isTemplate || bead.labels.includes(PROTO_LABEL);
}

/**
 * What a stored proto asks for, filled in. Edges keep their type and metadata. Variables are those that its formula
 * declared; of a proto made by hand every `{{name}}`. Throws UsageError `formula.missing-var`.
 */
export async function blueprintOfProto(reads: LedgerReads, root: Bead, given: Values): Promise<Blueprint> {
  const molecule = await readMolecule(reads, root);
  const definitions = definitionsOf(molecule);
  const values = resolveValues({ formula: root.id, vars: definitions }, given, Object.keys(definitions));
  const kept = keptSteps(molecule, values);
  const ids = new Set<string>([root.id, ...kept.map((step) => step.id)]);
  const nodes = [root, ...kept].map((bead) => nodeOf(bead, molecule.parents.get(bead.id)));
  const inside = molecule.edges.filter(
    (edge) => edge.type !== 'parent-child' && ids.has(edge.from) && ids.has(edge.to),
  );
  return {
    name: root.id,
    nodes: mapTexts(nodes.toSorted(byDepth(molecule)), (text) => fillPlaces(text, values)),
    edges: inside.map(({ from, to, type, metadata }) => ({ from, to, type, metadata })),
    phase: undefined,
    // Without a formula to read them from, its steps are all there is.
    pour: root.metadata[FORMULA_KEY] === undefined || root.metadata['pour'] === true,
    warnings: [],
  };
}

const definitionsShape = z.record(
  z.string(),
  z.object({
    description: z.optional(z.string()),
    default: z.optional(z.string()),
    required: z.optional(z.boolean()),
    enum: z.optional(z.array(z.string())),
    pattern: z.optional(z.string()),
    type: z.optional(z.enum(['string', 'int', 'bool'])),
  }),
);

function definitionsOf({ root, steps }: Molecule): Readonly<Record<string, VarDef>> {
  const stored = definitionsShape.safeParse(root.metadata[DEFINITIONS_KEY]);
  if (stored.success) return stored.data;
  const texts = [root, ...steps].flatMap((bead) => [
    bead.title,
    bead.description,
    bead.design,
    bead.acceptanceCriteria,
    bead.notes,
  ]);
  return Object.fromEntries(placesIn(texts).map((name) => [name, { required: true }] as const));
}

/** Steps whose condition holds, and whose parents stay. A need of a step that goes is simply gone. */
function keptSteps({ steps, parents }: Molecule, values: Values): readonly Bead[] {
  const out = new Set<string>();
  for (const step of steps) {
    const condition = step.metadata[CONDITION_KEY];
    if (typeof condition !== 'string') continue;
    const holds = readCondition(condition, values);
    if (holds === undefined) throw cannotCookProto(step.id, condition);
    if (!holds) out.add(step.id);
  }
  const isOut = (id: string | undefined): boolean =>
    id !== undefined && (out.has(id) || isOut(parents.get(id)));
  return steps.filter((step) => !isOut(step.id));
}

function byDepth({ parents }: Molecule) {
  const depth = (id: string): number => {
    const parent = parents.get(id);
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  return (left: BlueprintNode, right: BlueprintNode) => depth(left.key) - depth(right.key);
}

function nodeOf(bead: Bead, parent: string | undefined): BlueprintNode {
  const {
    [DEFINITIONS_KEY]: _vars,
    [CONDITION_KEY]: _condition,
    // Said of that one bead, not of whatever is poured from it.
    [SCRIPT_KEY]: _script,
    [WRAPPER_KEY]: _wrapper,
    ...metadata
  } = bead.metadata;
  return {
    key: bead.id,
    parent,
    bead: {
      ...contentOf(bead),
      assignee: bead.assignee,
      labels: bead.labels.filter((label) => label !== PROTO_LABEL),
      awaitType: bead.awaitType,
      awaitId: bead.awaitId,
      timeoutMs: bead.timeoutMs,
      metadata,
    },
  };
}
