import type { TownContext } from '../beads/context.ts';
import { messageOf } from '../core/errors.ts';
import type { SessionName } from '../core/names.ts';
import type { PaneObservation } from '../ports/panes.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { readDoltRecord, recordedProcess } from '../town/dolt-record.ts';

/**
 * The daemon's cheap look at its town, and its memory of who runs in it: with the folder gone no file names the
 * town's processes any more.
 */
export interface TownWatch {
  /** The folder was removed, moved away, or holds another town now. */
  isGone(): Promise<boolean>;
  /** Remembers who runs. Returns a text that changes when a session, the wanted state or the ledger does. */
  look(): Promise<string>;
  /** Pids that ran at the last look and are gone. Costs next to nothing. */
  ended(): readonly number[];
  /** Ends every process known: agents, their hosts, the Dolt server. */
  stopKnown(): Promise<void>;
}

const GRACE_MS = 3000;

export async function createTownWatch(ctx: TownContext): Promise<TownWatch> {
  const { files, panes, processes, store } = ctx.ports;
  const mark = (): Promise<string | undefined> => files.readText(ctx.paths.townFile);
  const identity = identityOf(await mark());
  let known = new Map<SessionName, readonly ProcessIdentity[]>();
  let server: ProcessIdentity | undefined;
  return {
    isGone: async () => identityOf(await mark()) !== identity,
    async look() {
      const names = await panes.list();
      const seen = await Promise.all(names.map(async (name) => [name, await panes.observe(name)] as const));
      server = (await doltProcess(ctx)) ?? server;
      known = new Map(seen.flatMap(([name, observed]) => processesOf(name, observed)));
      const wanted = (await files.readText(ctx.paths.wantedFile)) ?? '';
      const { ok } = await store.health();
      return [
        wanted,
        ok ? '' : 'no ledger',
        ...seen.map(([name, observed]) => `${name}:${fingerprint(observed)}`),
      ].join('\n');
    },
    ended: () => [...known.values()].flat().flatMap(({ pid }) => (processes.exists(pid) ? [] : [pid])),
    async stopKnown() {
      for (const process of [...known.values()].flat()) await processes.stopTree(process, GRACE_MS);
      if (server !== undefined) await processes.stopTree(server, GRACE_MS);
      // A new town at the same path has the same tmux socket: its sessions are none of ours.
      if ((await mark()) === undefined) await endTmux(ctx);
    },
  };
}

/** The line of town.json that never changes in the life of a town. */
function identityOf(townFile: string | undefined): string | undefined {
  return townFile === undefined ? undefined : (/"created_at":\s*"[^"]*"/.exec(townFile)?.[0] ?? '');
}

/** As its record names it: asking the server itself each time would cost more than the whole look. */
async function doltProcess({ ports, paths }: TownContext): Promise<ProcessIdentity | undefined> {
  return ports.store.kind === 'sqlite'
    ? undefined
    : recordedProcess(await readDoltRecord(ports.files, paths));
}

function processesOf(
  name: SessionName,
  observed: PaneObservation,
): readonly (readonly [SessionName, readonly ProcessIdentity[]])[] {
  if (observed.kind !== 'live') return [];
  const { host, child } = observed.state;
  return [[name, child === undefined ? [host] : [child, host]]];
}

function fingerprint(observed: PaneObservation): string {
  switch (observed.kind) {
    case 'none':
    case 'unreadable':
      return observed.kind;
    case 'live':
    case 'exited':
    case 'gone':
      return `${observed.kind}:${observed.state.spawn}:${observed.state.state}`;
  }
}

async function endTmux({ ports: { tmux, log } }: TownContext): Promise<void> {
  try {
    for (const session of await tmux.sessions()) await tmux.kill(session.name);
    await tmux.stopServer();
  } catch (error) {
    log.warn('tmux of a lost town not ended', { why: messageOf(error) });
  }
}
