import { beforeEach, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import type { PaneObservation, PanePhase, Panes } from '../../src/ports/panes.ts';

/** What an agent does, one thing after the other; after the last it stays at its prompt. */
export type Play = 'work' | 'ask' | 'limit' | { readonly say: string } | { readonly exit: number };

export interface PanesUnderTest {
  readonly panes: Panes;
  /** Prepares and runs a host whose agent plays that. `silent`: an agent that never shows a prompt. */
  /** Writes what the host is to begin next. */
  readonly prepare: (session: SessionName, spawn: number) => Promise<void>;
  readonly start: (session: SessionName, spawn: number, plays: readonly Play[] | 'silent') => Promise<void>;
  /** The work that the agent is at is done. */
  readonly finish: (session: SessionName) => Promise<void>;
  readonly killHost: (session: SessionName) => Promise<void>;
  /** Texts that the agent has taken. */
  readonly submitted: (session: SessionName) => Promise<readonly string[]>;
  /** Polls until the observation fits. */
  readonly until: (
    session: SessionName,
    fits: (seen: PaneObservation) => boolean,
  ) => Promise<PaneObservation>;
  readonly drive: <T>(work: Promise<T>) => Promise<T>;
}

const TOAST = 'pj-toast' as SessionName;
const NOW = { text: 'read your mail', mode: 'when-idle', waitMs: 0 } as const;

/** What every Panes promises; run on each implementation. */
export function panesContract(setUp: () => PanesUnderTest): void {
  let under: PanesUnderTest;
  beforeEach(() => {
    under = setUp();
  });
  const shows =
    (phase: PanePhase) =>
    (seen: PaneObservation): boolean =>
      'state' in seen && seen.state.state === phase;
  const becomes = (phase: PanePhase): Promise<PaneObservation> => under.until(TOAST, shows(phase));

  it('knows nothing of a session before its first start', async () => {
    expect(await under.panes.observe(TOAST)).toEqual({ kind: 'none' });
    expect(await under.panes.list()).toEqual([]);
    const missing = { code: 'session.not-running' };
    await expect(under.panes.screen(TOAST, 10)).rejects.toMatchObject(missing);
    await expect(under.panes.inject(TOAST, NOW)).rejects.toMatchObject(missing);
    expect(await under.drive(under.panes.stop(TOAST, 1000))).toBe(true);
  });

  it('shows who runs, since when, and for what', async () => {
    await under.start(TOAST, 7, []);
    expect(await becomes('idle')).toMatchObject({
      kind: 'live',
      state: { session: TOAST, spawn: 7, runtime: 'fake', bead: 'pj-1', wasReady: true, attached: false },
    });
    expect(await under.panes.list()).toEqual([TOAST]);
  });

  it('shows what the agent has printed', async () => {
    await under.start(TOAST, 1, [{ say: 'hello from the agent' }]);
    await becomes('idle');
    expect(await under.panes.screen(TOAST, 50)).toContain('hello from the agent');
  });

  it('P12: types into an idle agent, once', async () => {
    await under.start(TOAST, 1, []);
    await becomes('idle');
    expect(await under.drive(under.panes.inject(TOAST, NOW))).toEqual({ sent: true });
    await becomes('idle');
    expect(await under.submitted(TOAST)).toEqual(['read your mail']);
  });

  it('P12: types nothing into a working agent, and says why', async () => {
    await under.start(TOAST, 1, ['work']);
    await becomes('busy');
    expect(await under.drive(under.panes.inject(TOAST, NOW))).toEqual({
      sent: false,
      why: 'the agent is busy',
    });
    await under.finish(TOAST);
    await becomes('idle');
    expect(await under.submitted(TOAST)).toEqual([]);
  });

  it('P12: waits for the end of the turn when it may', async () => {
    await under.start(TOAST, 1, ['work']);
    await becomes('busy');
    const waiting = under.panes.inject(TOAST, { ...NOW, waitMs: 60_000 });
    await under.finish(TOAST);
    expect(await under.drive(waiting)).toEqual({ sent: true });
    await under.until(TOAST, shows('idle'));
    expect(await under.submitted(TOAST)).toEqual(['read your mail']);
  });

  it('types into a working agent at once when it queues what is typed', async () => {
    await under.start(TOAST, 1, ['work']);
    await becomes('busy');
    expect(await under.drive(under.panes.inject(TOAST, { ...NOW, mode: 'immediate' }))).toEqual({
      sent: true,
    });
    await under.finish(TOAST);
    await becomes('idle');
    expect(await under.submitted(TOAST)).toEqual(['read your mail']);
  });

  it.each([
    ['P17: a dialog', 'ask', 'dialog', 'the agent waits in a dialog'],
    ['P22: a rate limit', 'limit', 'limited', 'the agent is rate limited'],
  ] as const)('%s gets no text, in no mode', async (_name, play, phase, why) => {
    await under.start(TOAST, 1, [play]);
    await becomes(phase);
    for (const mode of ['when-idle', 'immediate'] as const) {
      expect(await under.drive(under.panes.inject(TOAST, { ...NOW, mode }))).toEqual({ sent: false, why });
    }
    expect(await under.submitted(TOAST)).toEqual([]);
  });

  it('P1: reads how an agent has ended', async () => {
    await under.start(TOAST, 1, [{ say: 'my last words' }, 'work', { exit: 3 }]);
    await becomes('busy');
    await under.finish(TOAST);
    expect(await becomes('exited')).toMatchObject({
      kind: 'exited',
      state: { exit: { code: 3, signal: null } },
    });
    expect(await under.panes.screen(TOAST, 50)).toContain('my last words');
    expect(await under.drive(under.panes.inject(TOAST, NOW))).toEqual({
      sent: false,
      why: 'the agent has ended',
    });
  });

  it('P10: stops an agent in order, and once more without harm', async () => {
    await under.start(TOAST, 1, ['work']);
    await becomes('busy');
    expect(await under.drive(under.panes.stop(TOAST, 20_000))).toBe(true);
    expect(await under.panes.observe(TOAST)).toMatchObject({
      kind: 'exited',
      state: { exit: { code: null, signal: 'SIGTERM' }, reason: 'stop asked' },
    });
    expect(await under.drive(under.panes.stop(TOAST, 1000))).toBe(true);
  });

  it('P1: a host that was killed shows as gone, not as running', async () => {
    await under.start(TOAST, 1, ['work']);
    await becomes('busy');
    await under.killHost(TOAST);
    expect(await under.until(TOAST, ({ kind }) => kind !== 'live')).toMatchObject({
      kind: 'gone',
      state: { spawn: 1 },
    });
    expect(await under.drive(under.panes.stop(TOAST, 5000))).toBe(true);
  });

  it('D10: a word about an older start is not heard', async () => {
    await under.start(TOAST, 5, 'silent');
    await becomes('starting');
    await under.panes.ready(TOAST, 4);
    expect(await under.panes.observe(TOAST)).toMatchObject({ state: { wasReady: false } });
    await under.panes.ready(TOAST, 5);
    expect(await under.until(TOAST, (seen) => 'state' in seen && seen.state.wasReady)).toMatchObject({
      kind: 'live',
    });
  });

  it('D10: the next start has its own number and story', async () => {
    await under.start(TOAST, 1, [{ exit: 1 }]);
    await becomes('exited');
    await under.start(TOAST, 2, []);
    expect(await becomes('idle')).toMatchObject({ kind: 'live', state: { spawn: 2 } });
    expect(await under.panes.observe(TOAST)).not.toHaveProperty('state.exit');
  });

  it('begins the next start in the same host, for a caller that dies with the agent', async () => {
    await under.start(TOAST, 1, []);
    const first = await becomes('idle');
    await under.prepare(TOAST, 2);
    await under.drive(under.panes.restart(TOAST, 2));
    const next = await under.until(TOAST, (seen) => 'state' in seen && seen.state.spawn === 2);
    const hosts = [first, next].map((seen) => ('state' in seen ? seen.state.host : undefined));
    expect(hosts[1]).toEqual(hosts[0]);
    expect(next).not.toHaveProperty('state.exit');
    await expect(under.drive(under.panes.restart(TOAST, 3))).rejects.toMatchObject({
      code: 'pane.not-restarted',
    });
  });

  it('knows the conversation that the agent says it is in', async () => {
    await under.start(TOAST, 1, []);
    await becomes('idle');
    await under.panes.ready(TOAST, 1, 'conversation-2');
    expect(
      await under.until(TOAST, (seen) => 'state' in seen && seen.state.conversation === 'conversation-2'),
    ).toMatchObject({ kind: 'live' });
    // Said without an id it stays; said by an older start it means nothing.
    await under.panes.ready(TOAST, 1);
    await under.panes.ready(TOAST, 0, 'conversation-0');
    expect(await under.panes.observe(TOAST)).toMatchObject({ state: { conversation: 'conversation-2' } });
  });
}
