import type { TownContext } from '../../beads/context.ts';
import type { Bead } from '../../beads/types.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { RefusedError } from '../../core/errors.ts';
import { sendLetter } from '../../mail/send.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import { nudge } from '../../sessions/nudge.ts';
import { takeOffHook } from '../release/take-off.ts';

export interface TakeOver {
  readonly bead: Bead;
  readonly from: AgentAddress;
  /** In words. */
  readonly to: string;
  /** The holder's session has ended: nobody needs to be told. */
  readonly isDead: boolean;
}

/**
 * Takes the bead off a holder that is dead, or that the caller overrules; what it made is kept. Then those are told
 * who were overruled: a polecat's witness by mail, anybody else at their prompt. Returns the bead as it is then.
 */
export async function takeOver(ctx: TownContext, taking: TakeOver): Promise<Bead> {
  const { bead, from, isDead } = taking;
  const why = `slung again by ${formatAddress(ctx.actor)}, taken from ${formatAddress(from)}`;
  const report = await takeOffHook(ctx, { bead, force: true, why });
  if (!isDead) await (from.role === 'polecat' ? mailWitness(ctx, taking, from) : tellHolder(ctx, taking));
  return report.bead;
}

/** After the fact: a letter of what did not happen after all would end a worker for nothing. */
async function mailWitness(
  ctx: TownContext,
  { bead, to }: TakeOver,
  from: Extract<AgentAddress, { role: 'polecat' | 'crew' }>,
): Promise<void> {
  const by = formatAddress(ctx.actor);
  const lines = ['Reason: work_reassigned', `RequestedBy: ${by}`, `Bead: ${bead.id}`, `NewAssignee: ${to}`];
  await sendLetter(ctx, {
    from: ctx.actor,
    to: { role: 'witness', rig: from.rig },
    subject: `LIFECYCLE:Shutdown ${from.name}`,
    body: lines.join('\n'),
    kind: 'task',
    priority: 1,
  });
}

/** Its session goes on: it must not go on with this. */
async function tellHolder(ctx: TownContext, { bead, from }: TakeOver): Promise<void> {
  const session = sessionOf(from, (await agentPlace(ctx, from)).prefix);
  if ((await ctx.ports.panes.observe(session)).kind !== 'live') return;
  const message = `${bead.id} is not yours any more: stop working on it. Your hook: gt hook`;
  try {
    await nudge(
      ctx,
      { address: from, session },
      { message, mode: 'queue', priority: 'urgent', sender: ctx.actor },
    );
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    ctx.ports.log.warn('holder not told', { bead: bead.id, agent: formatAddress(from), why: error.message });
  }
}
