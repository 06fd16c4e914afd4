import type { PaneObservation, PaneState } from '../../ports/panes.ts';
import type { TownEvent } from '../../town/events.ts';
import { endOf } from '../../core/process-end.ts';
import { timeOf } from '../transcripts/item.ts';
import type { PastSession, SessionEnd } from './past-session.ts';

/** The event types that tell of sessions. */
export const SESSION_EVENTS = ['session_start', 'session_end', 'session_death', 'done', 'handoff'] as const;

export interface SessionFacts {
  /** Oldest first. */
  readonly events: readonly TownEvent[];
  /** What is true now of each session, with its agent. */
  readonly panes: readonly {
    readonly agent: string;
    readonly seen: PaneObservation;
  }[];
  /** Session of an agent, for events that name only the agent; undefined = its rig is gone. */
  readonly sessionOf: (agent: string) => string | undefined;
}

interface Draft {
  agent: string;
  session: string;
  spawns: number[];
  conversation: string | undefined;
  bead: string | undefined;
  runtime: string | undefined;
  cwd: string | undefined;
  transcript: string | undefined;
  started: number;
  /** Set by whoever knew best why it ended; the time comes from whoever saw it. */
  why: string | undefined;
  ended: number | undefined;
  /** What the agent did last that ends its work: `handed in pj-1`. */
  closing: string | undefined;
  running: boolean;
}

/** Puts events and present states together. Pure; newest first. */
export function foldSessions({ events, panes, sessionOf }: SessionFacts): readonly PastSession[] {
  const drafts: Draft[] = [];
  for (const event of events) foldEvent(drafts, event, sessionOf);
  for (const { agent, seen } of panes) if ('state' in seen) foldState(drafts, agent, seen);
  // Events are told by the second: of two in one, the later told is the newer.
  return drafts
    .reverse()
    .map(finish)
    .sort((a, b) => b.started - a.started);
}

function foldEvent(drafts: Draft[], event: TownEvent, sessionOf: SessionFacts['sessionOf']): void {
  const at = Date.parse(event.ts);
  const text = (key: string): string | undefined => {
    const value = event.payload[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const agent = text('agent') ?? text('role') ?? event.actor;
  const session = text('session') ?? sessionOf(agent) ?? '';
  const spawn = typeof event.payload['spawn'] === 'number' ? event.payload['spawn'] : undefined;
  const key = { agent, session, spawn, conversation: text('session_id') };
  switch (event.type) {
    case 'session_start': {
      const draft = startOf(drafts, key, at);
      draft.bead ??= text('topic');
      draft.runtime ??= text('runtime');
      draft.cwd ??= text('cwd');
      draft.transcript = text('transcript') ?? draft.transcript;
      return;
    }
    case 'session_end': {
      const began = Date.parse(text('started') ?? event.ts);
      const draft = find(drafts, key) ?? startOf(drafts, key, began);
      draft.bead ??= text('topic');
      draft.runtime ??= text('runtime');
      // Ours are written when the next session begins, others when it happens.
      draft.ended ??= timeOf(text('ended') ?? (text('started') === undefined ? event.ts : undefined));
      draft.why ??= text('reason');
      return;
    }
    case 'session_death': {
      const draft = find(drafts, key);
      if (draft === undefined || draft.ended !== undefined) return;
      draft.ended = at;
      draft.why = text('reason') ?? 'died';
      return;
    }
    case 'done':
    case 'handoff': {
      const draft = find(drafts, { ...key, agent: event.actor, session: sessionOf(event.actor) ?? session });
      if (draft !== undefined && draft.ended === undefined)
        draft.closing = event.type === 'done' ? `handed in ${text('bead') ?? ''}`.trim() : 'handed over';
    }
  }
}

interface Key {
  readonly agent: string;
  readonly session: string;
  readonly spawn: number | undefined;
  readonly conversation: string | undefined;
}

/** The draft that a start belongs to: one that goes on, one that has no conversation yet, or a new one. */
function startOf(drafts: Draft[], key: Key, at: number): Draft {
  const goesOn = drafts.findLast(
    ({ conversation, agent }) =>
      conversation !== undefined && conversation === key.conversation && agent === key.agent,
  );
  const sameStart = find(drafts, { ...key, conversation: undefined });
  const nameless =
    sameStart?.conversation === undefined || key.conversation === undefined ? sameStart : undefined;
  const known = goesOn ?? (key.spawn === undefined ? undefined : nameless);
  if (known !== undefined) {
    known.conversation ??= key.conversation;
    if (key.spawn !== undefined && !known.spawns.includes(key.spawn)) {
      known.spawns.push(key.spawn);
      [known.ended, known.why, known.closing] = [undefined, undefined, undefined];
    }
    return known;
  }
  // The same start, another conversation: the agent was told to forget.
  if (sameStart !== undefined && key.spawn !== undefined) {
    sameStart.ended ??= at;
    sameStart.why ??= 'began a new conversation';
  }
  const draft: Draft = {
    agent: key.agent,
    session: key.session,
    spawns: key.spawn === undefined ? [] : [key.spawn],
    conversation: key.conversation,
    bead: undefined,
    runtime: undefined,
    cwd: undefined,
    transcript: undefined,
    started: at,
    why: undefined,
    ended: undefined,
    closing: undefined,
    running: false,
  };
  drafts.push(draft);
  return draft;
}

/** The newest draft of that start; without a number, of that conversation or else of that session. */
function find(drafts: readonly Draft[], { session, spawn, conversation }: Key): Draft | undefined {
  if (spawn !== undefined && session !== '')
    return drafts.findLast((draft) => draft.session === session && draft.spawns.includes(spawn));
  if (conversation !== undefined) return drafts.findLast((draft) => draft.conversation === conversation);
  return session === '' ? undefined : drafts.findLast((draft) => draft.session === session);
}

/** The host's own account is right about its start, whatever events say. */
function foldState(
  drafts: Draft[],
  agent: string,
  seen: Extract<PaneObservation, { readonly state: PaneState }>,
): void {
  const { state } = seen;
  const key = { agent, session: state.session, spawn: state.spawn, conversation: state.conversation };
  const draft = find(drafts, key) ?? startOf(drafts, key, Date.parse(state.started));
  draft.conversation ??= state.conversation;
  draft.bead ??= state.bead;
  draft.runtime = state.runtime;
  if (seen.kind === 'live') {
    [draft.running, draft.ended, draft.why] = [true, undefined, undefined];
  } else {
    draft.ended ??= seen.kind === 'exited' ? Date.parse(state.since) : undefined;
    draft.why ??= seen.kind === 'exited' ? endOf(state) : 'died without a word';
  }
}

function finish(draft: Draft): PastSession {
  const { running, ended, why, closing, started, session, spawns, agent, ...rest } = draft;
  const told = closing ?? why ?? (ended === undefined ? 'nobody saw it end' : 'ended by itself');
  const end: SessionEnd = running ? { kind: 'running' } : { kind: 'ended', at: ended, why: told };
  const id = rest.conversation ?? `${session === '' ? agent : session}.${spawns.at(-1) ?? started}`;
  return { ...rest, id, agent, session, spawns, started, end };
}
