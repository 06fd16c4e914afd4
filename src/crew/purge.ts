import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { boxOf } from '../beads/forms/message-row.ts';
import type { LedgerTx } from '../beads/types.ts';
import { addressForms, agentBeadIdOf, formatAddress } from '../core/address.ts';
import type { CrewPlace } from '../rig/crew-place.ts';

/** What was planned for it goes back to nobody. */
async function unassignAll(tx: LedgerTx, assignee: readonly string[]): Promise<void> {
  const beads = await tx.list({ assignee, notStatus: ['closed'], notType: ['message', 'agent'] });
  for (const bead of beads) await tx.update(bead.id, { status: 'open', assignee: '' });
}

/** A workspace that was a mistake leaves nothing: its row, its beads' assignee, its mail, traces of its sessions. */
export async function purgeTraces(ctx: TownContext, place: CrewPlace): Promise<void> {
  const { rig, address, session } = place;
  const actor = formatAddress(ctx.actor);
  const assignee = addressForms(address);
  const row = agentBeadIdOf(address, rig.prefix);
  await (
    await ctx.ledgers.open(rig.database)
  ).transaction(actor, async (tx) => {
    await unassignAll(tx, assignee);
    if ((await tx.get(row)) !== undefined) await tx.delete(row);
  });
  await (
    await ctx.ledgers.hq()
  ).transaction(actor, async (tx) => {
    await unassignAll(tx, assignee);
    for (const mail of await tx.list(boxOf(address))) {
      await tx.close(mail.id, { reason: `${formatAddress(address)} was purged`, force: true });
    }
  });
  const { nudgeDir, heartbeatsDir } = ctx.paths;
  await ctx.ports.files.remove(join(nudgeDir, session));
  await ctx.ports.files.remove(join(heartbeatsDir, `${session}.json`));
}
