import type { TownContext } from '../beads/context.ts';
import { startDolt, stopDolt } from '../town/dolt-server.ts';

/** Makes the town's store answer: a Dolt server is started or adopted, SQLite needs nothing. Returns where it is. */
export async function startStore(ctx: TownContext): Promise<string> {
  if (ctx.ports.store.kind === 'sqlite') return ctx.paths.storeDir;
  const server = await startDolt(ctx);
  return `${server.host}:${server.port}`;
}

/** Ends the town's own Dolt server. Returns the pid that was stopped, if any. */
export async function stopStore(ctx: TownContext): Promise<number | undefined> {
  if (ctx.ports.store.kind === 'sqlite') return undefined;
  return (await stopDolt(ctx))?.pid;
}
