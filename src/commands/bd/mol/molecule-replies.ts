import * as z from 'zod/mini';
import type { CommandReply } from '../../../cli/command.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { BOND_TYPES, type BondType } from '../../../formulas/molecule/bond-types.ts';
import type { Blueprint } from '../../../formulas/molecule/blueprint.ts';
import type { Instantiated } from '../../../formulas/molecule/instantiate.ts';

/** What --dry-run answers. */
export const dryRunSchema = z.looseObject({ dry_run: z.literal(true) });

export const instantiatedSchema = z.union([
  dryRunSchema,
  z.object({
    new_epic_id: z.string(),
    id_mapping: z.record(z.string(), z.string()),
    created: z.number(),
    attached: z.optional(z.number()),
    phase: z.enum(['liquid', 'vapor']),
  }),
]);

export function instantiatedJson(made: Instantiated, phase: 'liquid' | 'vapor') {
  return {
    new_epic_id: made.rootId,
    id_mapping: Object.fromEntries(made.ids),
    created: made.ids.size,
    phase,
  };
}

/** What --dry-run prints. */
export function preview(blueprints: readonly Blueprint[], verb: 'pour' | 'make'): CommandReply {
  const nodes = blueprints.flatMap((blueprint) => blueprint.nodes);
  return {
    data: { dry_run: true, beads: nodes.map(({ key, bead }) => ({ key, title: bead.title })) },
    text: [
      `Would ${verb} ${counted(nodes.length, 'bead')}:`,
      ...nodes.map((node) => `  ${node.key}: ${oneLine(node.bead.title)}`),
    ].join('\n'),
    warnings: blueprints.flatMap((blueprint) => blueprint.warnings),
  };
}

export function bondType(word: string | undefined): BondType {
  return BOND_TYPES.find((type) => type === word) ?? 'sequential';
}
