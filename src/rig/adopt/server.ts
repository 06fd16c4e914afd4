import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { doltConfigFile } from '../../town/dolt-address.ts';
import { readDoltStatus, startDolt, stopDolt } from '../../town/dolt-server.ts';

/**
 * Runs `work` while the town's Dolt server answers; one that was not running is ended again.
 * @param files `asBefore`: what starting the server writes is undone (somebody only looked)
 */
export async function withServer<T>(
  ctx: TownContext,
  work: () => Promise<T>,
  files: 'asBefore' | 'left' = 'left',
): Promise<T> {
  if ((await readDoltStatus(ctx)).state === 'running') return await work();
  const paths = [
    doltConfigFile(ctx.paths),
    ...['dolt-state.json', 'dolt.pid'].map((name) => join(ctx.paths.daemonDir, name)),
  ];
  const before = await Promise.all(paths.map((path) => ctx.ports.files.readText(path)));
  await startDolt(ctx);
  try {
    return await work();
  } finally {
    await stopDolt(ctx);
    if (files === 'asBefore')
      for (const [index, path] of paths.entries()) await putBack(ctx, path, before[index]);
  }
}

async function putBack(
  { ports: { files } }: TownContext,
  path: string,
  text: string | undefined,
): Promise<void> {
  if (text === undefined) await files.remove(path);
  else await files.writeAtomic(path, text, { mode: 0o600 });
}
