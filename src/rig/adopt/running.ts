import type { TownContext } from '../../beads/context.ts';
import { messageOf } from '../../core/errors.ts';
import { readDoltStatus } from '../../town/dolt-server.ts';
import type { AdoptProblem } from './types.ts';

const STOP = 'Stop the town with the gt that started it: gt down';

/** What runs in the town and would go on writing: its daemon, its agents, a server that is not provably its own. */
export async function whatRuns(ctx: TownContext): Promise<readonly AdoptProblem[]> {
  const [daemon, sessions, server] = await Promise.all([
    runningDaemon(ctx),
    liveSessions(ctx),
    strangeServer(ctx),
  ]);
  return [...daemon, ...sessions, ...server];
}

/** The pid file may name a process that came later: the daemon's command line has the word. */
async function runningDaemon(ctx: TownContext): Promise<readonly AdoptProblem[]> {
  const pid = Number.parseInt((await ctx.ports.files.readText(ctx.paths.daemonPid)) ?? '', 10);
  if (!(pid > 0)) return [];
  const found = (await ctx.ports.processes.list()).find((process) => process.pid === pid);
  const isDaemon = found?.argv.includes('daemon') ?? false;
  return isDaemon ? [{ what: `its daemon runs (pid ${pid})`, hint: STOP }] : [];
}

async function liveSessions(ctx: TownContext): Promise<readonly AdoptProblem[]> {
  try {
    if ((await ctx.ports.tmux.version()) === undefined) return [];
    const live = (await ctx.ports.tmux.sessions()).filter(({ paneDead }) => !paneDead);
    if (live.length === 0) return [];
    return [{ what: `agents run: ${live.map(({ name }) => name).join(', ')}`, hint: STOP }];
  } catch (error) {
    return [{ what: `cannot see whether agents run: ${messageOf(error)}`, hint: 'Run it again' }];
  }
}

async function strangeServer(ctx: TownContext): Promise<readonly AdoptProblem[]> {
  const status = await readDoltStatus(ctx);
  switch (status.state) {
    case 'running':
    case 'stopped':
      return [];
    case 'remote':
      return [
        {
          what: `its ledger is on another machine (${status.host}:${status.port}), where nothing can be set aside`,
          hint: 'Back that server up, then update it by hand: bd migrate --yes; gt store status',
        },
      ];
    case 'squatter':
      return [{ what: `port ${status.port} is held by ${status.holder}: ${status.why}`, hint: STOP }];
    case 'mute':
      return [
        { what: `its Dolt server (pid ${status.process.pid}) does not answer: ${status.why}`, hint: STOP },
      ];
  }
}
