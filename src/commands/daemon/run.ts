import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { GtError, RefusedError } from '../../core/errors.ts';
import { tickRefinery } from '../../refinery/tick.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { readWanted } from '../../town/wanted.ts';
import { drawBars } from '../../ui/text/status-bar.ts';
import { createCodeWatch } from '../../watchdog/code-watch.ts';
import { runDaemon } from '../../watchdog/daemon.ts';
import type { DaemonEnd } from '../../watchdog/daemon.ts';
import { startDaemon } from '../../watchdog/daemon-control.ts';
import { createHands } from '../../watchdog/real-hands.ts';
import { refuseWantedDown } from '../../watchdog/wanted-down.ts';
import { readCodeMark } from './code-mark.ts';

/** What a supervisor takes for "start it again" (EX_TEMPFAIL): the code on disk is another one. */
const RESTART = 75;
const TAKEN_MS = 5000;

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  if (input.bool('supervised')) return runSupervised(app, ctx);
  await refuseWantedDown(ctx);
  ctx.ports.log.info('daemon starts', { root: ctx.root });
  let end: DaemonEnd;
  // Code that does not start leaves this one in charge, until the code changes again.
  do end = await watch(app, ctx);
  while (end === 'new-code' && !(await handOver(ctx)));
  ctx.ports.log.info('daemon ends', { why: end });
  return {};
}

/**
 * Under systemd or launchd: ends with 0 when the town is wanted down, stands by while another daemon runs, and leaves
 * the start of new code to the supervisor, which would lose sight of a daemon that hands over by itself.
 */
async function runSupervised(app: AppContext, ctx: TownContext): Promise<CommandReply> {
  while (!app.stopSignal.aborted && (await readWanted(ctx)).town === 'up') {
    try {
      ctx.ports.log.info('daemon starts', { root: ctx.root });
      const end = await watch(app, ctx);
      ctx.ports.log.info('daemon ends', { why: end });
      return { exitCode: end === 'new-code' ? RESTART : 0 };
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'daemon.running') throw error;
      await ctx.ports.clock.sleep(TAKEN_MS, app.stopSignal);
    }
  }
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
