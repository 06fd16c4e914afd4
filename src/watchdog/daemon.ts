import type { TownContext } from '../beads/context.ts';
import { RefusedError, UnavailableError } from '../core/errors.ts';
import type { HeldLock } from '../ports/locks.ts';
import { Daemon } from './daemon-loop.ts';
import type { DaemonDeps, DaemonEnd } from './daemon-loop.ts';
import { patientHands } from './patient-hands.ts';

export type { DaemonDeps, DaemonEnd } from './daemon-loop.ts';

/**
 * Watches one town until told to stop, until it is wanted down, or until its folder is gone. One at a time:
 * RefusedError `daemon.running`. Killing it harms nothing: the next one reads the same rows.
 */
export async function runDaemon(ctx: TownContext, deps: DaemonDeps): Promise<DaemonEnd> {
  await using _lock = await takeLock(ctx);
  const hands = patientHands(ctx.ports, deps.hands);
  const daemon = await Daemon.create(ctx, { ...deps, hands });
  await using _socket = await ctx.ports.ipc.serve(ctx.paths.daemonSocket, (message) =>
    daemon.answer(message),
  );
  try {
    return await daemon.run();
  } finally {
    await daemon.close();
  }
}

async function takeLock(ctx: TownContext): Promise<HeldLock> {
  try {
    return await ctx.ports.locks.acquire('daemon', { waitMs: 0, purpose: 'gt daemon run' });
  } catch (error) {
    if (!(error instanceof UnavailableError) || error.code !== 'lock.held') throw error;
    const holder = await ctx.ports.locks.holder('daemon');
    throw new RefusedError({
      code: 'daemon.running',
      message: `the daemon runs already${holder === undefined ? '' : ` (pid ${holder.pid})`}`,
      hint: 'Run: gt daemon status',
      cause: error,
    });
  }
}
