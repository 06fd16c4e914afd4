import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { squashMolecule } from '../../formulas/molecule/squash.ts';
import { detachMolecule, needAttached } from '../../hooks/attached-molecule.ts';
import { actingTown } from '../acting-town.ts';
import { agentArg } from '../hook/status-data.ts';

export const schema = z.object({
  squashed: z.string(),
  from: z.string(),
  handoff_id: z.string(),
  children_closed: z.number(),
  digest_skipped: z.boolean(),
  root_closed: z.boolean(),
});

/** Closes an agent's molecule into a closed digest of priority 4; the bead loses its attachment first. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const agent = await agentArg(town, input.arg('target'));
  await waitUpTo(app, input.duration('jitter') ?? 0);
  const { bead, progress } = await needAttached(town, agent);
  const { id } = progress.molecule.root;
  await detachMolecule(town, bead, 'squash');
  const summary = input.flag('summary');
  const skipped = input.bool('no-digest');
  const ledger = await town.ledgers.of(id);
  const squashed = await ledger.transaction(formatAddress(town.actor), (tx) =>
    squashMolecule(tx, id, {
      digest: skipped ? 'none' : 'wisp',
      digestLabels: ['digest'],
      digestPriority: 4,
      ...(summary === undefined ? {} : { summary }),
    }),
  );
  return {
    data: {
      squashed: id,
      from: formatAddress(agent),
      handoff_id: bead.id,
      children_closed: squashed.squashedIds.length,
      digest_skipped: skipped,
      root_closed: squashed.rootClosed,
    },
    text: `Squashed ${id} of ${bead.id}${squashed.digestId === undefined ? '' : ` into ${squashed.digestId}`}`,
  };
}

async function waitUpTo(app: AppContext, ms: number): Promise<void> {
  const [byte = 0] = app.machine.random.bytes(1);
  if (ms > 0) await app.machine.clock.sleep((ms * byte) / 255, app.stopSignal);
}
