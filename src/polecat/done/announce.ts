import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { emitEvent } from '../../town/events.ts';
import { formatJson } from '../../town/json-file.ts';
import { wakeDaemon } from '../../town/wake.ts';
import type { DoneSubject } from './facts.ts';
import type { DoneReport } from './run.ts';

/** G7: tells the town. Events may repeat or miss; the rows are the truth. */
export async function announceDone(
  ctx: TownContext,
  subject: DoneSubject,
  report: DoneReport,
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
    const payload = { bead: bead.id, rig: rig.name, polecat: worker, severity: 'high' };
    await emitEvent(ctx, { type: 'escalation_sent', actor, payload, visibility: 'both' });
  }
  if (exit.kind === 'submitted' || exit.kind === 'repinned') {
    await writeChannelEvent(ctx, 'refinery', {
      type: 'MQ_SUBMIT',
      payload: { rig: rig.name, mr: exit.outcome.mr.id, branch, issue: bead.id, worker },
    });
  }
  await wakeDaemon(ctx, 'done');
}

/** One file per event in `T/events/<channel>`: how sessions of the Go gt wait for each other. */
async function writeChannelEvent(
  ctx: TownContext,
  channel: string,
  event: { readonly type: string; readonly payload: Readonly<Record<string, string>> },
): Promise<void> {
  const { clock, files, processes, random } = ctx.ports;
  const { pid } = await processes.self();
  const now = clock.now();
  const sequence = Buffer.from(random.bytes(2)).readUInt16BE();
  const name = `${BigInt(now) * 1_000_000n}-${sequence}-${pid}.event`;
  const document = {
    type: event.type,
    channel,
    timestamp: new Date(now).toISOString(),
    payload: event.payload,
  };
  await files.writeAtomic(join(ctx.paths.channelsDir, channel, name), formatJson(document), { mode: 0o600 });
}
