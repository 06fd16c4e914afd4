import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { GtError, UnavailableError, UnreadableError, messageOf } from '../../core/errors.ts';
import { rigNamed } from '../../rig/registry.ts';
import { targetOf } from '../../sessions/target.ts';
import { agentHome } from '../../town/agent-home.ts';
import { emitEvent } from '../../town/events.ts';
import { beginWork, peekWork } from '../begin-work.ts';
import type { WorkStart } from '../begin-work.ts';
import { readMark, takeMark } from '../handoff/marker.ts';
import type { HandoffMark } from '../handoff/marker.ts';
import type { HookPayload } from '../hook-payload.ts';
import { readTownWork } from '../town-work.ts';
import { howText } from './how.ts';
import { NO_NOTES, readNotes, settleNotes } from './notes.ts';
import type { Notes } from './notes.ts';
import { readRole } from './role.ts';
import { renderBlindPrime, renderShortPrime } from './short-text.ts';
import { renderPrime } from './text.ts';

export interface PrimeRequest {
  readonly agent: AgentAddress;
  /** Called by the runtime's start hook, not by hand. */
  readonly hook: boolean;
  readonly payload: HookPayload;
  /** GT_SPAWN. */
  readonly spawn?: number | undefined;
  /** Conversation id, when gt chose it. */
  readonly sessionId?: string | undefined;
  /** Why the caller may not be this agent; it is then told, and begins nothing. */
  readonly stranger?: string | undefined;
  /** Print only: nothing is begun, nobody is told. */
  readonly dryRun: boolean;
}

export interface Primed {
  readonly text: string;
  /** What it is made of, for people who want to know why. */
  readonly sources: readonly string[];
  /** Once the text is out: its mail and notes count as told. */
  readonly told: () => Promise<void>;
}

/**
 * `gt prime`: what an agent must know now. Moves hooked work to in_progress, tells the pane host that the agent is
 * ready, and records the session's start. A ledger that cannot be read is said to be so, never taken for "no work".
 */
export async function runPrime(ctx: TownContext, request: PrimeRequest): Promise<Primed> {
  const { agent } = request;
  try {
    return await prime(ctx, request);
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof UnreadableError)) throw error;
    return { text: renderBlindPrime(agent, messageOf(error)), sources: [], told: NOTHING };
  }
}

const NOTHING = async (): Promise<void> => undefined;

async function prime(ctx: TownContext, request: PrimeRequest): Promise<Primed> {
  const { agent, payload, sessionId, stranger } = request;
  const acts = !request.dryRun && stranger === undefined;
  const work = await findWork(ctx, request, acts);
  const [mark, notes] = await Promise.all([
    acts && request.hook ? takeMark(ctx, agent) : readMark(ctx, agent),
    work.kind === 'replaced' ? NO_NOTES : readNotes(ctx, agent, work),
    acts ? tellStart(ctx, request, work) : undefined,
  ]);
  const parts = { agent, work, mark, notes, stranger, now: ctx.ports.clock.now() };
  const told = (): Promise<void> => (acts ? settleNotes(ctx, agent, notes) : NOTHING());
  if (goesOn(payload, mark))
    return { text: renderShortPrime(parts), sources: sourcesOf(notes, []), told: NOTHING };
  const role = await readRole(ctx, agent);
  const text = renderPrime({
    ...parts,
    spawn: request.spawn,
    source: payload.source,
    sessionId: payload.sessionId ?? sessionId,
    role: role.text,
    directives: role.directives,
    how: 'bead' in work ? await howText(ctx, agent, work.bead) : '',
  });
  return { text, sources: sourcesOf(notes, role.files), told };
}

/** The same conversation goes on: it needs no second briefing (P21). */
function goesOn({ source }: HookPayload, mark: HandoffMark | undefined): boolean {
  return source === 'compact' || source === 'resume' || mark?.reason === 'compaction';
}

function sourcesOf({ handoffs, checkpoint, memories, mail, blind }: Notes, files: readonly string[]) {
  return [
    ...files,
    ...handoffs.map(({ bead }) => `note ${bead.id}`),
    ...(checkpoint === undefined ? [] : [`checkpoint of ${checkpoint.timestamp}`]),
    `${memories.length} memories, ${mail.unread} unread`,
    ...(blind === undefined ? [] : [`not read: ${blind}`]),
  ];
}

async function findWork(ctx: TownContext, { agent, spawn }: PrimeRequest, acts: boolean): Promise<WorkStart> {
  if (!('rig' in agent)) return readTownWork(ctx, agent);
  const rig = await rigNamed(ctx, agent.rig);
  // A worker's row is ahead of its session while a dispatch replaces it; others are told by `stranger`.
  const begin = { rig, agent, spawn: agent.role === 'polecat' ? spawn : undefined };
  const work = acts ? await beginWork(ctx, begin) : await peekWork(ctx, begin);
  return work.kind === 'nothing' && agent.role !== 'polecat' ? readTownWork(ctx, agent) : work;
}

async function tellStart(ctx: TownContext, request: PrimeRequest, work: WorkStart): Promise<void> {
  const { agent, spawn, hook, payload } = request;
  if (spawn !== undefined && work.kind !== 'replaced') await tellHost(ctx, request, spawn);
  if (!hook) return;
  await emitEvent(ctx, {
    type: 'session_start',
    actor: formatAddress(agent),
    visibility: 'audit',
    payload: {
      session_id: payload.sessionId ?? request.sessionId ?? '',
      role: formatAddress(agent),
      topic: 'bead' in work ? work.bead.id : '',
      source: payload.source ?? '',
      cwd: agentHome(ctx.root, agent),
      // What `gt seance` finds the conversation by.
      session: ctx.env['GT_SESSION'] ?? '',
      runtime: ctx.env['GT_AGENT'] ?? '',
      transcript: payload.transcript ?? '',
      ...(spawn === undefined ? {} : { spawn }),
    },
  });
}

/** The host learns that its agent reads its hook. A host that does not answer changes nothing for the agent. */
async function tellHost(ctx: TownContext, { agent, payload }: PrimeRequest, spawn: number): Promise<void> {
  try {
    await ctx.ports.panes.ready((await targetOf(ctx, agent)).session, spawn, payload.sessionId);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.info('pane host not told', { agent: formatAddress(agent), why: messageOf(error) });
  }
}
