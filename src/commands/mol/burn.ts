import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { burnMolecule } from '../../formulas/molecule/burn.ts';
import { detachMolecule, needAttached } from '../../hooks/attached-molecule.ts';
import { actingTown } from '../acting-town.ts';
import { agentArg } from '../hook/status-data.ts';

export const schema = z.object({
  burned: z.string(),
  from: z.string(),
  handoff_id: z.string(),
  children_closed: z.number(),
  root_closed: z.boolean(),
});

/** Detaches first: a bead must not point at rows that are gone. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const agent = await agentArg(town, input.arg('target'));
  const { bead, progress } = await needAttached(town, agent);
  const { id } = progress.molecule.root;
  await detachMolecule(town, bead, 'burn');
  const ledger = await town.ledgers.of(id);
  const burned = await ledger.transaction(formatAddress(town.actor), (tx) => burnMolecule(tx, id));
  const children = burned.length - 1;
  return {
    data: {
      burned: id,
      from: formatAddress(agent),
      handoff_id: bead.id,
      children_closed: children,
      root_closed: true,
    },
    text: `Burned ${id} of ${bead.id} with ${children} steps`,
  };
}
