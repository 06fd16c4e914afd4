import type { TownContext } from '../../beads/context.ts';
import { formatAddress, parseAddress, sessionOf } from '../../core/address.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { parsePrefix } from '../../core/names.ts';
import { nearestHint } from '../../core/nearest.ts';
import { listRigPlaces } from '../../rig/registry.ts';
import type { RigPlace } from '../../rig/registry.ts';
import { readWholeLog } from '../../town/event-log.ts';
import { addressOfSession } from '../session-address.ts';
import { SESSION_EVENTS, foldSessions } from './fold.ts';
import type { PastSession } from './past-session.ts';

export interface SessionFilter {
  /** `polecat`, `mayor` … or an agent's whole address. */
  readonly role?: string | undefined;
  readonly rig?: string | undefined;
  readonly bead?: string | undefined;
  /** Unix ms: still there then, or later. */
  readonly since?: number | undefined;
}

/** Every session that the town remembers, newest first. */
export async function listPastSessions(
  ctx: TownContext,
  filter: SessionFilter = {},
): Promise<readonly PastSession[]> {
  const [events, rigs, names] = await Promise.all([
    readWholeLog(ctx, SESSION_EVENTS),
    listRigPlaces(ctx),
    ctx.ports.panes.list(),
  ]);
  const panes = await Promise.all(
    names.map(async (session) => {
      const address = addressOfSession(session, rigs);
      const seen = await ctx.ports.panes.observe(session);
      return { agent: address === undefined ? session : formatAddress(address), seen };
    }),
  );
  const sessions = foldSessions({ events, panes, sessionOf: (agent) => sessionOfAgent(agent, rigs) });
  return sessions.filter((session) => fits(session, filter));
}

function sessionOfAgent(agent: string, rigs: readonly RigPlace[]): string | undefined {
  try {
    const address = parseAddress(agent);
    if (!('rig' in address)) return sessionOf(address, parsePrefix('hq'));
    const rig = rigs.find(({ name }) => name === address.rig);
    return rig === undefined ? undefined : sessionOf(address, rig.prefix);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function fits({ agent, bead, started, end }: PastSession, filter: SessionFilter): boolean {
  if (filter.role !== undefined && !hasRole(agent, filter.role)) return false;
  if (filter.rig !== undefined && !agent.startsWith(`${filter.rig}/`)) return false;
  if (filter.bead !== undefined && bead !== filter.bead) return false;
  if (filter.since === undefined || end.kind === 'running') return true;
  return (end.at ?? started) >= filter.since;
}

/** The kind of agent, or which one: `polecat`, `proj/polecats/toast`, `proj/toast`, `mayor`. */
function hasRole(agent: string, wanted: string): boolean {
  try {
    const address = parseAddress(agent);
    return address.role === wanted || agent === wanted || formatAddress(parseAddress(wanted)) === agent;
  } catch (error) {
    if (error instanceof UsageError) return agent === wanted;
    throw error;
  }
}

/**
 * The session that `text` means: the beginning of its id, or `<session>.<start>`. NotFoundError `seance.unknown`,
 * UsageError `seance.ambiguous`.
 */
export function findPastSession(sessions: readonly PastSession[], text: string): PastSession {
  const [first, ...others] = matching(sessions, text);
  if (first !== undefined && others.length === 0) return first;
  if (first === undefined) {
    throw new NotFoundError({
      code: 'seance.unknown',
      message: `no session '${text.slice(0, 60)}'`,
      hint: nearestHint(
        text,
        sessions.map(({ id }) => id),
        'Run: gt seance',
      ),
    });
  }
  const ids = [first, ...others].slice(0, 5).map(({ id, agent }) => `${id.slice(0, 13)} (${agent})`);
  throw new UsageError({
    code: 'seance.ambiguous',
    message: `'${text.slice(0, 60)}' could be ${ids.join(', ')}`,
    hint: 'Write more of the id',
  });
}

function matching(sessions: readonly PastSession[], text: string): readonly PastSession[] {
  const exact = sessions.filter(
    ({ id, session, spawns }) => id === text || spawns.some((spawn) => `${session}.${spawn}` === text),
  );
  if (exact.length > 0 || text === '') return exact;
  return sessions.filter(({ id }) => id.startsWith(text));
}

const SHORT_ID = 8;

/** For each id the beginning that no other id shares, at least eight characters. */
export function shortIds(sessions: readonly PastSession[]): ReadonlyMap<string, string> {
  const ids = [...new Set(sessions.map(({ id }) => id))].sort();
  return new Map(
    ids.map((id, index) => {
      const shared = Math.max(sharedStart(id, ids[index - 1]), sharedStart(id, ids[index + 1]));
      return [id, id.slice(0, Math.max(SHORT_ID, shared + 1))];
    }),
  );
}

function sharedStart(a: string, b = ''): number {
  const differs = Array.from(a).findIndex((letter, index) => letter !== b[index]);
  return differs < 0 ? a.length : differs;
}
