import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../beads/context.ts';
import { formatAddress, sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { formatAge } from '../core/duration.ts';
import { listPolecats } from '../polecat/list.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { listRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { observeSessions } from '../sessions/observe.ts';

export interface AgentIssue {
  /** `stale`: a note that a dead process left; `collision`: two agents under one session; `orphaned`: a session of nobody. */
  readonly type: 'stale' | 'collision' | 'orphaned';
  /** The file or folder it is about. */
  readonly place: string;
  readonly message: string;
  readonly pid: number | undefined;
  readonly session: string | undefined;
}

export interface AgentCheck {
  readonly sessions: number;
  readonly locks: readonly LockNote[];
  readonly issues: readonly AgentIssue[];
}

/** What a lock's holder wrote beside it; the lock itself is the kernel's and ends with its holder. */
export interface LockNote {
  readonly name: string;
  readonly path: string;
  readonly pid: number;
  readonly purpose: string;
  readonly isAlive: boolean;
}

/** Looks for agents that cannot be told apart, sessions of nobody, and what dead processes left behind. */
export async function checkAgents(ctx: TownContext): Promise<AgentCheck> {
  const [sessions, locks, rigs] = await Promise.all([
    observeSessions(ctx),
    readLockNotes(ctx),
    listRigs(ctx),
  ]);
  const live = sessions.filter(({ seen }) => seen.kind === 'live');
  const workers = (await Promise.all(rigs.map((rig) => workersOf(ctx, rig)))).flat();
  const orphans = live
    .filter(
      ({ session, address }) =>
        address === undefined || workers.some((one) => one.session === session && one.isOrphan),
    )
    .map(({ session }): AgentIssue => ({
      type: 'orphaned',
      place: join(ctx.paths.panesDir, `${session}.state.json`),
      message: `session ${session} belongs to no agent`,
      pid: undefined,
      session,
    }));
  return {
    sessions: live.length,
    locks,
    issues: [...locks.flatMap(staleIssue), ...collisionsOf(workers), ...orphans],
  };
}

/** Removes what dead processes left. Returns how many notes that were. */
export async function fixAgents(ctx: TownContext): Promise<number> {
  const stale = (await readLockNotes(ctx)).filter(({ isAlive }) => !isAlive);
  for (const { path } of stale) await ctx.ports.files.remove(path);
  return stale.length;
}

function staleIssue({ name, path, pid, purpose, isAlive }: LockNote): readonly AgentIssue[] {
  if (isAlive) return [];
  const message = `lock ${name}: '${purpose}' (pid ${pid}) has ended without taking its note away`;
  return [{ type: 'stale', place: path, message, pid, session: undefined }];
}

interface Worker {
  readonly address: AgentAddress;
  readonly session: string;
  readonly isOrphan: boolean;
}

async function workersOf(ctx: TownContext, rig: Rig): Promise<readonly Worker[]> {
  const [polecats, crew] = await Promise.all([listPolecats(ctx, rig), listCrewFolders(ctx, rig)]);
  const standing: readonly AgentAddress[] = [
    { role: 'witness', rig: rig.name },
    { role: 'refinery', rig: rig.name },
    ...crew.map(({ name }): AgentAddress => ({ role: 'crew', rig: rig.name, name })),
  ];
  return [
    ...standing.map((address) => ({ address, session: sessionOf(address, rig.prefix), isOrphan: false })),
    ...polecats.map(({ name, session, verdict }) => ({
      address: { role: 'polecat', rig: rig.name, name } as const,
      session,
      isOrphan: verdict.state === 'orphan',
    })),
  ];
}

/** Prefixes such as `gt` and `gt-crew` can give two agents one session. */
function collisionsOf(workers: readonly Worker[]): readonly AgentIssue[] {
  const bySession = Map.groupBy(workers, ({ session }) => session);
  return [...bySession].flatMap(([session, own]): readonly AgentIssue[] => {
    const names = [...new Set(own.map(({ address }) => formatAddress(address)))];
    if (names.length < 2) return [];
    return [
      {
        type: 'collision',
        place: session,
        message: `${names.join(' and ')} would have the same session ${session}: rename one of them`,
        pid: undefined,
        session,
      },
    ];
  });
}

const noteSchema = z.object({ pid: z.number(), start: z.string(), command: z.string(), since: z.string() });

async function readLockNotes(ctx: TownContext): Promise<readonly LockNote[]> {
  const { files, processes, clock } = ctx.ports;
  const names = ((await files.list(ctx.paths.locksDir)) ?? []).map(({ name }) => name);
  const notes = names
    .filter((name) => name.endsWith('.holder'))
    .map(async (file): Promise<readonly LockNote[]> => {
      const path = join(ctx.paths.locksDir, file);
      const note = parseNote(await files.readText(path));
      if (note === undefined) return [];
      const { pid, command, since } = note;
      return [
        {
          name: file.replace(/\.holder$/, ''),
          path,
          pid,
          purpose: `${command}, ${formatAge(clock.now() - Date.parse(since))} ago`,
          isAlive: await processes.isAlive(note),
        },
      ];
    });
  return (await Promise.all(notes)).flat();
}

/** A note that is being written just now says nothing yet. */
function parseNote(text: string | undefined): z.infer<typeof noteSchema> | undefined {
  try {
    const parsed = noteSchema.safeParse(JSON.parse(text ?? ''));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
