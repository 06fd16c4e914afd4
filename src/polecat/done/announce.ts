import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError } from '../../core/errors.ts';
import { nudge } from '../../sessions/nudge.ts';
import { targetOf } from '../../sessions/target.ts';
import { emitToChannel } from '../../town/channel.ts';
import type { NewChannelEvent } from '../../town/channel.ts';
import { emitEvent } from '../../town/events.ts';
import { wakeDaemon } from '../../town/wake.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneRequest } from './request.ts';
import type { DoneReport } from './run.ts';

/** G7: tells the town. Events may repeat or miss; the rows are the truth, and no done fails here. */
export async function announceDone(
  ctx: TownContext,
  subject: DoneSubject,
  { report, request }: { readonly report: DoneReport; readonly request: DoneRequest },
): Promise<void> {
  const { rig, worker, bead, row } = subject;
  const { exit, branch = '' } = report;
  const actor = formatAddress(row.address);
  await emitEvent(ctx, {
    type: 'done',
    actor,
    payload: { bead: bead.id, branch, rig: rig.name, polecat: worker, exit: exit.kind },
  });
  for (const ref of report.rescued) {
    await emitEvent(ctx, { type: 'rescue', actor, payload: { rig: rig.name, polecat: worker, ref } });
  }
  if (exit.kind === 'escalated') {
    const { alert, reason } = exit;
    const payload = { bead: bead.id, rig: rig.name, polecat: worker, alert, reason, severity: 'high' };
    await emitEvent(ctx, { type: 'escalation_sent', actor, payload, visibility: 'both' });
    await tellIfUp(ctx, { role: 'mayor' }, `📬 You have new mail from ${actor}: ${bead.id} needs help`);
  }
  if (exit.kind !== 'already') await tellPatrols(ctx, subject, { report, request });
  await wakeDaemon(ctx, 'done');
}

/** Sessions of the Go gt wait for files in `T/events/<channel>`; an AI patrol that runs hears of it as well. */
async function tellPatrols(
  ctx: TownContext,
  { rig, worker, bead }: DoneSubject,
  { report, request }: { readonly report: DoneReport; readonly request: DoneRequest },
): Promise<void> {
  const { exit, branch = '' } = report;
  const mr = exit.kind === 'submitted' || exit.kind === 'repinned' ? exit.outcome.mr.id : '';
  const about = { rig: rig.name, branch, issue: bead.id, mr };
  const files: readonly NewChannelEvent[] = [
    ...(mr === ''
      ? []
      : [{ channel: 'refinery', type: 'MQ_SUBMIT', payload: { ...about, worker } } as const]),
    {
      channel: 'witness',
      type: 'POLECAT_DONE',
      payload: { ...about, polecat: worker, exit: request.status },
    },
  ];
  const message = `POLECAT_DONE ${worker} exit=${request.status}`;
  for (const event of files) await quietly(ctx, () => emitToChannel(ctx, event));
  for (const role of ['witness', 'refinery'] as const) await tellIfUp(ctx, { role, rig: rig.name }, message);
}

async function tellIfUp(ctx: TownContext, agent: AgentAddress, message: string): Promise<void> {
  await quietly(ctx, async () => {
    const target = await targetOf(ctx, agent);
    if ((await ctx.ports.panes.observe(target.session)).kind !== 'live') return;
    const request = { message, mode: 'queue', priority: 'normal', sender: ctx.actor } as const;
    await nudge(ctx, target, request);
  });
}

async function quietly(ctx: TownContext, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.warn('not told of a done', { why: error.message });
  }
}
