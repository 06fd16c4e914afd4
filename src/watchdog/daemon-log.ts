import type { TownBase } from '../town/base.ts';

const MOST_BYTES = 10 * 1024 * 1024;

/**
 * Keeps the daemon's log bounded: what is too long becomes `daemon.log.1`. It is emptied in place, for the daemon that
 * runs, or its supervisor, holds it open.
 */
export async function rotateDaemonLog({ ports, paths }: Pick<TownBase, 'ports' | 'paths'>): Promise<void> {
  const { files } = ports;
  const { daemonLog } = paths;
  if (((await files.stat(daemonLog))?.size ?? 0) <= MOST_BYTES) return;
  await files.writeAtomic(`${daemonLog}.1`, (await files.readText(daemonLog)) ?? '');
  await files.empty(daemonLog);
}
