import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { GtError } from '../../core/errors.ts';
import { tickRefinery } from '../../refinery/tick.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { drawBars } from '../../ui/text/status-bar.ts';
import { createCodeWatch } from '../../watchdog/code-watch.ts';
import { runDaemon } from '../../watchdog/daemon.ts';
import type { DaemonEnd } from '../../watchdog/daemon.ts';
import { startDaemon } from '../../watchdog/daemon-control.ts';
import { createHands } from '../../watchdog/real-hands.ts';
import { refuseWantedDown } from '../../watchdog/wanted-down.ts';
import { readCodeMark } from './code-mark.ts';

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  await refuseWantedDown(ctx);
  ctx.ports.log.info('daemon starts', { root: ctx.root });
  let end: DaemonEnd;
  // Code that does not start leaves this one in charge, until the code changes again.
  do end = await watch(app, ctx);
  while (end === 'new-code' && !(await handOver(ctx)));
  ctx.ports.log.info('daemon ends', { why: end });
  return {};
}

async function watch(app: AppContext, ctx: TownContext): Promise<DaemonEnd> {
  const { files, clock } = ctx.ports;
  return runDaemon(ctx, {
    signal: app.stopSignal,
    hands: createHands(ctx),
    tick: tickRefinery,
    drawBars,
    code: await createCodeWatch(() => readCodeMark(files), clock),
  });
}

/** The next daemon runs what lies there now: started as a person starts it, for sources or bundle may be the newer. */
async function handOver(ctx: TownContext): Promise<boolean> {
  try {
    const { pid } = await startDaemon({ ...ctx, gtArgv: [gtProgram(ctx.gtArgv)] });
    ctx.ports.log.info('new code takes over', { pid });
    return true;
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.warn('new code does not start; the old goes on', { why: error.message });
    return false;
  }
}
