import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';
import type { ProcessTable } from './table.ts';

/**
 * A variable in the environment of a run and of all that comes of it. Whoever leaves the run's process group, its
 * session and its parents behind still carries it.
 */
const MARK = 'GT_RUN_MARK';
/** Those that fork while they are killed are looked for again, so often at most. */
const ROUNDS = 50;

export function withMark(env: Readonly<Record<string, string>>, mark: string): Record<string, string> {
  return { ...env, [MARK]: encodeURI(mark) };
}

/** The processes of the run marked so, or of runs whose mark is a path below it. */
export async function listMarked(table: ProcessTable, mark: string): Promise<readonly ProcessInfo[]> {
  const wanted = encodeURI(mark);
  const [values, all] = await Promise.all([table.valuesOf(MARK), table.list()]);
  const isWanted = (value: string | undefined): boolean =>
    value === wanted || value?.startsWith(`${wanted}/`) === true;
  return all.filter(({ pid }) => pid !== process.pid && isWanted(values.get(pid)));
}

/** KILL for all of them, until none is left. */
export async function killMarked(table: ProcessTable, mark: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const marked = await listMarked(table, mark);
    if (marked.length === 0) return;
    for (const one of marked) await kill(table, one);
  }
}

async function kill(table: ProcessTable, { pid, start }: ProcessIdentity): Promise<void> {
  if ((await table.identify(pid))?.start !== start) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
