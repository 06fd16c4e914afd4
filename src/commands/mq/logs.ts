import { basename } from 'node:path';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { findLogs } from '../../refinery/find-logs.ts';
import { openRequest } from './open-request.ts';

const POLL_MS = 500;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const gate = input.flag('gate');
  if (input.bool('follow')) return follow(app, ctx, { id: input.arg('mr'), gate });
  const { rig, mr } = await openRequest(ctx, input.arg('mr'));
  const { live, kept } = await findLogs(ctx, rig, { mr, gate });
  const shown = live.length > 0 ? live : kept.slice(-1);
  const texts = await Promise.all(shown.map((path) => ctx.ports.files.readText(path)));
  const known = texts.filter((text) => text !== undefined);
  if (known.length > 0) return { text: known.map((text) => printable(text).trimEnd()).join('\n\n') };
  return { text: `No gate runs on ${mr.id} now, and none has failed on it (${mr.phase})` };
}

/** Prints what running gates print, until the merge request has left the queue. */
async function follow(
  app: AppContext,
  ctx: TownContext,
  { id, gate }: { readonly id: string; readonly gate: string | undefined },
): Promise<CommandReply> {
  const read = new Map<string, number>();
  for (;;) {
    const { rig, mr } = await openRequest(ctx, id);
    const { live } = await findLogs(ctx, rig, { mr, gate });
    for (const path of live) await printMore(app, path, read);
    if (mr.bead.status === 'closed' || mr.phase === 'evicted' || mr.phase === 'blocked') {
      return { text: `${mr.id}: ${mr.evidence?.summary ?? mr.phase}`, exitCode: mr.phase === 'done' ? 0 : 1 };
    }
    await ctx.ports.clock.sleep(POLL_MS, app.stopSignal);
    if (app.stopSignal.aborted) return { exitCode: 0 };
  }
}

async function printMore(app: AppContext, path: string, read: Map<string, number>): Promise<void> {
  const { files } = app.machine;
  const from = read.get(path);
  const size = (await files.stat(path))?.size;
  if (size === undefined || size === from) return;
  if (from === undefined) app.output.write(`==> ${basename(path)}\n`);
  const text = (await files.readText(path, from ?? 0)) ?? '';
  read.set(path, (from ?? 0) + Buffer.byteLength(text));
  app.output.write(printable(text));
}
