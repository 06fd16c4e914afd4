import { describe, expect, it } from 'vitest';
import type { SessionName } from '../../../src/core/names.ts';
import type { PaneObservation, PaneState } from '../../../src/ports/panes.ts';
import { foldSessions } from '../../../src/sessions/seance/fold.ts';
import type { PastSession } from '../../../src/sessions/seance/past-session.ts';
import type { TownEvent } from '../../../src/town/events.ts';

const TOAST = 'proj/polecats/toast';
const at = (minute: number): string => `2026-11-30T10:${String(minute).padStart(2, '0')}:00Z`;
const ms = (minute: number): number => Date.parse(at(minute));

function event(minute: number, type: string, payload: Readonly<Record<string, unknown>>): TownEvent {
  return { ts: at(minute), source: 'gt', type, actor: TOAST, payload, visibility: 'audit' };
}

const started = (minute: number, id: string, spawn: number, more = {}): TownEvent =>
  event(minute, 'session_start', {
    session_id: id,
    role: TOAST,
    topic: 'pj-1',
    session: 'pj-toast',
    spawn,
    runtime: 'claude',
    ...more,
  });

function pane(kind: 'live' | 'exited' | 'gone', state: Partial<PaneState>): PaneObservation {
  const base: PaneState = {
    session: 'pj-toast' as SessionName,
    spawn: 1,
    host: { pid: 1, start: '1' },
    state: kind === 'exited' ? 'exited' : 'idle',
    since: at(30),
    started: at(1),
    attached: false,
    runtime: 'claude',
    wasReady: true,
  };
  return { kind, state: { ...base, ...state } };
}

function fold(events: readonly TownEvent[], ...panes: readonly PaneObservation[]): readonly PastSession[] {
  return foldSessions({
    events,
    panes: panes.map((seen) => ({ agent: TOAST, seen })),
    sessionOf: (agent) => (agent === TOAST ? 'pj-toast' : undefined),
  });
}

const brief = ({ id, spawns, bead, end }: PastSession) => ({
  id,
  spawns,
  bead,
  end:
    end.kind === 'running'
      ? 'running'
      : `${end.at === undefined ? '?' : new Date(end.at).toISOString().slice(14, 16)} ${end.why}`,
});

describe('sessions that were', () => {
  it('one at work is known by its host, its conversation by its hook', () => {
    expect(fold([started(2, 'conv-a', 1)], pane('live', {})).map(brief)).toEqual([
      { id: 'conv-a', spawns: [1], bead: 'pj-1', end: 'running' },
    ]);
  });

  it('an ended one: when and why as its host wrote it', () => {
    const sessions = (exit: PaneState['exit'], reason?: string) =>
      fold(
        [started(2, 'conv-a', 1)],
        pane('exited', {
          ...(exit === undefined ? {} : { exit }),
          ...(reason === undefined ? {} : { reason }),
        }),
      ).map((session) => brief(session).end);
    expect(sessions({ code: 0, signal: null })).toEqual(['30 ended by itself']);
    expect(sessions({ code: 3, signal: null })).toEqual(['30 exit 3']);
    expect(sessions({ code: null, signal: 'SIGKILL' })).toEqual(['30 killed by SIGKILL']);
    expect(sessions({ code: null, signal: 'SIGTERM' }, 'asked to stop')).toEqual(['30 asked to stop']);
  });

  it('one whose host vanished: nobody saw when', () => {
    expect(fold([started(2, 'conv-a', 1)], pane('gone', {})).map((one) => brief(one).end)).toEqual([
      '? died without a word',
    ]);
  });

  it('earlier starts keep their end by the event that the next start writes', () => {
    const ended = event(40, 'session_end', {
      session: 'pj-toast',
      spawn: 1,
      session_id: 'conv-a',
      started: at(1),
      ended: at(20),
      reason: 'exit 1',
    });
    const sessions = fold(
      [started(2, 'conv-a', 1), ended, started(41, 'conv-b', 2)],
      pane('live', { spawn: 2 }),
    );
    expect(sessions.map(brief)).toEqual([
      { id: 'conv-b', spawns: [2], bead: 'pj-1', end: 'running' },
      { id: 'conv-a', spawns: [1], bead: 'pj-1', end: '20 exit 1' },
    ]);
  });

  it('one that nobody hooked is there all the same, under its start', () => {
    const ended = event(40, 'session_end', {
      session: 'pj-toast',
      spawn: 1,
      role: TOAST,
      topic: 'pj-9',
      runtime: 'script',
      started: at(5),
      ended: at(6),
    });
    expect(fold([ended], pane('exited', { spawn: 2, started: at(40), bead: 'pj-10' })).map(brief)).toEqual([
      { id: 'pj-toast.2', spawns: [2], bead: 'pj-10', end: '30 ended by itself' },
      { id: 'pj-toast.1', spawns: [1], bead: 'pj-9', end: '06 ended by itself' },
    ]);
  });

  it('a conversation that is gone on with after a restart is one', () => {
    const events = [started(2, 'conv-a', 1), started(9, 'conv-a', 2, { source: 'resume' })];
    const [session, ...others] = fold(events, pane('live', { spawn: 2, conversation: 'conv-a' }));
    expect(others).toEqual([]);
    expect(session).toMatchObject({ spawns: [1, 2], started: ms(2), end: { kind: 'running' } });
  });

  it('an agent that was told to forget has begun another one', () => {
    const events = [started(2, 'conv-a', 1), started(9, 'conv-b', 1, { source: 'clear' })];
    expect(fold(events, pane('live', { conversation: 'conv-b' })).map(brief)).toEqual([
      { id: 'conv-b', spawns: [1], bead: 'pj-1', end: 'running' },
      { id: 'conv-a', spawns: [1], bead: 'pj-1', end: '09 began a new conversation' },
    ]);
  });

  it('what an agent did last says more than how its process ended', () => {
    const done = event(28, 'done', { bead: 'pj-1', branch: 'x' });
    const exited = pane('exited', { exit: { code: null, signal: 'SIGTERM' }, reason: 'asked to stop' });
    expect(fold([started(2, 'conv-a', 1), done], exited).map((one) => brief(one).end)).toEqual([
      '30 handed in pj-1',
    ]);
  });

  it('a death that the daemon saw is told with its cause', () => {
    const death = event(12, 'session_death', {
      session: 'pj-toast',
      agent: TOAST,
      reason: 'killed',
      caller: 'daemon',
    });
    const ended = event(13, 'session_end', {
      session: 'pj-toast',
      spawn: 1,
      started: at(1),
      ended: '',
      reason: '',
    });
    expect(fold([started(2, 'conv-a', 1), death, ended]).map((one) => brief(one).end)).toEqual(['12 killed']);
  });

  it('events of another gt tell less: agent and conversation', () => {
    const old = event(2, 'session_start', { session_id: 'conv-a', role: TOAST, actor_pid: 'x-1', topic: '' });
    expect(fold([old]).map(brief)).toEqual([
      { id: 'conv-a', spawns: [], bead: undefined, end: '? nobody saw it end' },
    ]);
  });
});
