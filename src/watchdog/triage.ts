import type { TownContext } from '../beads/context.ts';
import { readWanted } from '../town/wanted.ts';
import { passByDaemon, startDaemon } from './daemon-control.ts';
import { readDaemonStatus } from './daemon-status.ts';
import { shuttingDownPid } from './shutting-down.ts';

/** What one look at the watcher found and did. */
export interface Triage {
  readonly action: 'nothing' | 'start' | 'wake';
  readonly target: 'daemon';
  readonly why: string;
}

/** Starts the daemon where the town wants one and none runs; one that runs looks at everything now. */
export async function runTriage(ctx: TownContext): Promise<Triage> {
  const stopping = await shuttingDownPid(ctx);
  if (stopping !== undefined) return nothing(`gt down is at work (pid ${stopping})`);
  if ((await readWanted(ctx)).town === 'down') return nothing('the town was taken down');
  const status = await readDaemonStatus(ctx);
  if (!status.running) {
    const { pid } = await startDaemon(ctx);
    return { action: 'start', target: 'daemon', why: `it did not run; started, pid ${pid}` };
  }
  const heard = await passByDaemon(ctx);
  return heard
    ? { action: 'wake', target: 'daemon', why: `pid ${status.pid} has looked at everything` }
    : nothing(`pid ${status.pid} runs and does not answer: gt daemon logs`);
}

function nothing(why: string): Triage {
  return { action: 'nothing', target: 'daemon', why };
}
