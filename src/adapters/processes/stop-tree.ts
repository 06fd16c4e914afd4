import type { Clock } from '../../ports/clock.ts';
import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';
import { familyOf } from './tree.ts';

const POLL_MS = 50;
/** How long a killed process may take to vanish from the table. */
const KILL_MS = 1000;

export interface TreeTools {
  list(): Promise<readonly ProcessInfo[]>;
  /** Who belongs to it though nothing but its environment says so; a look at every process. */
  marked(): Promise<readonly ProcessInfo[]>;
  signal(identity: ProcessIdentity, signal: 'TERM' | 'KILL'): Promise<boolean>;
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
}

/** TERM to the whole family, after `graceMs` KILL; returns who is still there. Never touches this process. */
export async function stopTree(
  root: ProcessIdentity,
  graceMs: number,
  tools: TreeTools,
): Promise<readonly ProcessIdentity[]> {
  const seen: ProcessInfo[] = [...(await tools.marked())];
  const living = async (): Promise<readonly ProcessInfo[]> => {
    let family = familyOf(root, seen, await tools.list());
    // Whoever left it while it ended.
    if (family.length === 0) family = await tools.marked();
    for (const info of family) {
      if (!seen.some((other) => other.pid === info.pid && other.start === info.start)) seen.push(info);
    }
    return family.filter((info) => info.pid !== process.pid);
  };
  const told = new Set<number>();
  if ((await living()).length === 0) return [];
  // Children that appear while the family ends are told as well.
  await until(graceMs, tools, async () => {
    const family = await living();
    await signalAll(
      family.filter((info) => !told.has(info.pid)),
      'TERM',
      tools,
    );
    for (const info of family) told.add(info.pid);
    return family.length === 0;
  });
  await until(KILL_MS, tools, async () => {
    const family = await living();
    await signalAll(family, 'KILL', tools);
    return family.length === 0;
  });
  return (await living()).map(({ pid, start }) => ({ pid, start }));
}

/** Polls until `done` says so or the time is over; always asks at least once. A look at all processes takes time too. */
async function until(ms: number, tools: TreeTools, done: () => Promise<boolean>): Promise<void> {
  const end = tools.clock.monotonic() + ms;
  while (!(await done()) && tools.clock.monotonic() < end) await tools.clock.sleep(POLL_MS);
}

async function signalAll(
  family: readonly ProcessInfo[],
  signal: 'TERM' | 'KILL',
  tools: TreeTools,
): Promise<void> {
  for (const info of family) await tools.signal(info, signal);
}
