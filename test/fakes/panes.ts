import { NotFoundError, RefusedError } from '../../src/core/errors.ts';
import type { SessionName } from '../../src/core/names.ts';
import { mayType } from '../../src/pane-host/may-type.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { PanePhase, PaneObservation, PaneStart, PaneState, Panes } from '../../src/ports/panes.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import type { FakeProcesses } from './processes.ts';

/** What a test does to, and learns from, the agents behind the hosts. */
export interface FakePanes extends Panes {
  /** As if there never had been such a session. */
  forget(session: SessionName): Promise<void>;
  /** Runs the host of a prepared session; fake tmux and `startDetached` call it. */
  boot(session: SessionName): ProcessIdentity;
  /** Called right after each boot: here an agent's work is played. */
  onBoot(listener: (start: PaneStart) => void): void;
  /** The agent shows this state; `idle` and `ready` count as having been ready. */
  show(session: SessionName, phase: PanePhase, reason?: string): void;
  print(session: SessionName, text: string): void;
  /** A person has a line open, or not any more. */
  setHuman(session: SessionName, typing: boolean): void;
  /** The agent ends by itself; its host writes how. */
  exit(session: SessionName, status: { readonly code: number } | { readonly signal: string }): void;
  /** `kill -9` of the host: its agent dies of the lost terminal, nothing is written. */
  killHost(session: SessionName): void;
  /** From now on (until undefined) the state file cannot be read. */
  breakState(session: SessionName, why: string | undefined): void;
  /** Texts typed into the agent, oldest first. */
  typed(session: SessionName): readonly string[];
  /** The last start that was prepared. */
  started(session: SessionName): PaneStart | undefined;
}

interface Row {
  start: PaneStart;
  state?: PaneState;
  broken?: string | undefined;
  human: boolean;
  screen: string[];
  readonly typed: string[];
}

const HOST = 'gt-pane-host';
const POLL_MS = 50;

/** Pane hosts in memory: the rules of typing are the real ones, agent and screen are the test's. */
export function createFakePanes({
  clock,
  processes,
}: {
  readonly clock: Clock;
  readonly processes: FakeProcesses;
}): FakePanes {
  const rows = new Map<SessionName, Row>();
  let booted: (start: PaneStart) => void = () => undefined;

  const rowOf = (session: SessionName): Row => {
    const row = rows.get(session);
    if (row === undefined) throw notRunning(session);
    return row;
  };
  const stateOf = (session: SessionName): PaneState => {
    const { state } = rowOf(session);
    if (state === undefined) throw notRunning(session);
    return state;
  };
  const change = (session: SessionName, patch: Partial<PaneState>): void => {
    rowOf(session).state = { ...stateOf(session), ...patch };
  };
  const now = (): string => new Date(clock.now()).toISOString();

  const boot = (session: SessionName): ProcessIdentity => {
    const host = processes.spawn({ argv: [HOST, session] });
    begin(session, host);
    return host;
  };
  const begin = (session: SessionName, host: ProcessIdentity): void => {
    const row = rowOf(session);
    const { start } = row;
    const child = processes.spawn({ argv: start.argv, parent: host.pid });
    const ready = start.rules.ready === 'once';
    row.state = {
      session,
      spawn: start.spawn,
      host,
      child,
      state: ready ? 'ready' : 'starting',
      since: now(),
      started: now(),
      attached: false,
      runtime: start.runtime,
      ...(start.bead === undefined ? {} : { bead: start.bead }),
      ...(start.conversation === undefined ? {} : { conversation: start.conversation }),
      ...(start.resumed === undefined ? {} : { resumed: start.resumed }),
      ...(start.account === undefined ? {} : { account: start.account }),
      wasReady: ready,
    };
    booted(start);
  };
  const writeExit = async (
    session: SessionName,
    code: number | null,
    signal: string | null,
  ): Promise<void> => {
    const { host } = stateOf(session);
    change(session, { state: 'exited', since: now(), exit: { code, signal } });
    if (await processes.isAlive(host)) processes.end(host.pid);
  };
  const observe = async (session: SessionName): Promise<PaneObservation> => {
    const row = rows.get(session);
    if (row?.broken !== undefined) return { kind: 'unreadable', why: row.broken };
    if (row?.state === undefined) return { kind: 'none' };
    const { host, child } = row.state;
    if (row.state.state === 'exited') return { kind: 'exited', state: row.state };
    if (!(await processes.isAlive(host))) return { kind: 'gone', state: row.state };
    if (child !== undefined && !(await processes.isAlive(child))) {
      await writeExit(session, null, 'SIGKILL');
      return { kind: 'exited', state: stateOf(session) };
    }
    return { kind: 'live', state: row.state };
  };

  return {
    boot,
    onBoot: (listener) => (booted = listener),
    show: (session, state, reason) =>
      change(session, {
        state,
        since: now(),
        ...(reason === undefined ? {} : { reason }),
        wasReady: stateOf(session).wasReady || state === 'idle' || state === 'ready',
      }),
    print: (session, text) => void rowOf(session).screen.push(...text.split('\n')),
    setHuman: (session, typing) => (rowOf(session).human = typing),
    exit: (session, status) => {
      const { child } = stateOf(session);
      if (child !== undefined) processes.end(child.pid);
      void ('code' in status
        ? writeExit(session, status.code, null)
        : writeExit(session, null, status.signal));
    },
    killHost: (session) => {
      const { host, child } = stateOf(session);
      processes.end(host.pid);
      if (child !== undefined) processes.end(child.pid);
    },
    breakState: (session, why) => (rowOf(session).broken = why),
    typed: (session) => rows.get(session)?.typed ?? [],
    started: (session) => rows.get(session)?.start,

    prepare: async (start) => {
      const before = rows.get(start.session);
      if (before === undefined) rows.set(start.session, { start, human: false, screen: [], typed: [] });
      else before.start = start;
    },
    hostArgv: (session) => [HOST, session],
    observe,
    list: async () =>
      [...rows].flatMap(([session, { state }]) => (state === undefined ? [] : [session])).sort(),
    screen: async (session, lines) => {
      stateOf(session);
      return rowOf(session).screen.slice(-lines).join('\n');
    },
    attach: async (session) => {
      stateOf(session);
      return 'detached';
    },
    inject: async (session, { text, mode, waitMs }) => {
      const until = clock.monotonic() + waitMs;
      for (;;) {
        await observe(session);
        const { state: phase } = stateOf(session);
        const row = rowOf(session);
        const { queuesWhileBusy } = row.start.rules;
        const verdict = mayType({ phase, mode, human: row.human, queuesWhileBusy });
        if (verdict.may === 'now') {
          row.typed.push(text);
          change(session, { state: 'busy', since: now() });
          return { sent: true };
        }
        if (verdict.may === 'never' || clock.monotonic() >= until) return { sent: false, why: verdict.why };
        await clock.sleep(POLL_MS);
      }
    },
    ready: async (session, spawn, conversation) => {
      const state = stateOf(session);
      if (state.spawn !== spawn) return;
      if (conversation !== undefined) change(session, { conversation });
      if (state.state !== 'starting') return;
      change(session, { state: 'ready', wasReady: true, since: now() });
    },
    stop: async (session) => {
      const seen = await observe(session);
      if (seen.kind !== 'live') return seen.kind !== 'unreadable';
      const { child } = seen.state;
      change(session, { state: 'exiting', reason: 'stop asked' });
      const left = child === undefined ? [] : await processes.stopTree(child, 3000);
      if (left.length > 0) return false;
      await writeExit(session, null, 'SIGTERM');
      return true;
    },
    restart: async (session, spawn) => {
      const seen = await observe(session);
      if (seen.kind !== 'live') throw notRunning(session);
      const { start } = rowOf(session);
      if (start.spawn !== spawn || spawn <= seen.state.spawn) {
        const message = `session ${session} cannot be started anew: start.json is of start ${start.spawn}`;
        throw new RefusedError({ code: 'pane.not-restarted', message });
      }
      if (seen.state.child !== undefined) await processes.stopTree(seen.state.child, 3000);
      begin(session, seen.state.host);
    },
    forget: async (session) => void rows.delete(session),
  };
}

function notRunning(session: SessionName): NotFoundError {
  return new NotFoundError({ code: 'session.not-running', message: `session ${session} is not running` });
}
