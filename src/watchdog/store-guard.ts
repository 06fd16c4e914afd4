import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import { readDoltRecord, recordedProcess } from '../town/dolt-record.ts';
import { readWanted } from '../town/wanted.ts';
import { backoffMs } from './backoff.ts';
import type { Hands } from './hands.ts';

export interface StoreGuard {
  readonly hands: Pick<Hands, 'startStore'>;
  /** The ledger is back: whoever gave up on it may look again. */
  readonly onStarted: () => void;
  readonly signal: AbortSignal;
}

const LOOK_MS = 1000;
/** A server that starts and dies again is back soon, whoever kills it; one that does not start is asked less and less. */
const AFTER_DEATH = { initialMs: LOOK_MS, maxMs: 8000 };
const AFTER_FAILURE = { initialMs: LOOK_MS, maxMs: 60_000 };

/**
 * Starts the town's Dolt server again as soon as it has died, until `signal` aborts. Beside the passes, not in them: a
 * pass and the engines wait up to half a minute for a server that went away under them. Never throws.
 */
export async function guardStore(ctx: TownContext, guard: StoreGuard): Promise<void> {
  const { hands, onStarted, signal } = guard;
  if (ctx.ports.store.kind === 'sqlite') return;
  let starts = 0;
  let pauses = AFTER_DEATH;
  while (!signal.aborted) {
    await ctx.ports.clock.sleep(backoffMs(starts, pauses) || LOOK_MS, signal);
    try {
      if (signal.aborted || !(await hasDied(ctx))) {
        starts = 0;
        continue;
      }
      starts += 1;
      pauses = AFTER_FAILURE;
      ctx.ports.log.warn('the Dolt server has died, starting it again', { starts });
      await hands.startStore();
      pauses = AFTER_DEATH;
      onStarted();
    } catch (error) {
      ctx.ports.log.warn('the Dolt server was not started', { why: messageOf(error) });
    }
  }
}

/** As its record says: asking the server itself each second would cost more. A stopped server is not recorded. */
async function hasDied(ctx: TownContext): Promise<boolean> {
  const { files, processes } = ctx.ports;
  const server = recordedProcess(await readDoltRecord(files, ctx.paths));
  if (server === undefined || (await processes.isAlive(server))) return false;
  return (await readWanted(ctx)).town === 'up';
}
