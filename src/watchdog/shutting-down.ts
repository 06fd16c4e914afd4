import type { TownContext } from '../beads/context.ts';

/** `daemon/shutting-down`: the process that takes the town down, while it does. */
export async function writeShuttingDown(ctx: TownContext): Promise<void> {
  const { pid, start } = await ctx.ports.processes.self();
  await ctx.ports.files.writeAtomic(ctx.paths.shuttingDown, `${pid}\n${start}\n`, { mode: 0o600 });
}

export function clearShuttingDown(ctx: TownContext): Promise<void> {
  return ctx.ports.files.remove(ctx.paths.shuttingDown);
}

/** The pid of a live `gt down`; undefined when there is none (a file left by a killed one does not count). */
export async function shuttingDownPid(ctx: TownContext): Promise<number | undefined> {
  const text = await ctx.ports.files.readText(ctx.paths.shuttingDown);
  if (text === undefined) return undefined;
  const [pidText = '', start = ''] = text.split('\n');
  const pid = Number(pidText);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const now = await ctx.ports.processes.identify(pid);
  // The Go gt writes the pid alone.
  return now !== undefined && (start === '' || now.start === start) ? pid : undefined;
}
