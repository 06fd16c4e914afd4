import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import type { PaneObservation } from '../../src/ports/panes.ts';
import { panePaths } from '../../src/town/layout.ts';
import type { Step } from '../agent/fake/steps.ts';
import { createFakeClock } from '../fakes/clock.ts';
import { createFakePanes } from '../fakes/panes.ts';
import { createFakeProcesses } from '../fakes/processes.ts';
import { CLAUDE_RULES, PaneWorld } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { panesContract, type PanesUnderTest, type Play } from './panes.contract.ts';

const tempDir = tempDirs();

describe('pane hosts in memory', () => {
  panesContract(createFakeWorld);
});

describe('pane hosts', () => {
  const worlds: PaneWorld[] = [];
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.dispose();
  });
  const open = (): PaneWorld => {
    const world = new PaneWorld(tempDir());
    worlds.push(world);
    return world;
  };

  describe('without tmux', () => {
    panesContract(() => realWorld(open(), 'detached'));
  });

  describe('in tmux', () => {
    panesContract(() => realWorld(open(), 'tmux'));
  });

  it('P26: what a host is told holds secrets: nobody else can read it, nor what it writes', async () => {
    const world = open();
    const session = 'pj-toast' as SessionName;
    await world.start(session, {});
    await world.becomes(session, 'idle');
    const { start, state, socket } = panePaths(world.paths, session);
    expect([start, state, socket, world.paths.panesDir].map((path) => statSync(path).mode & 0o077)).toEqual([
      0, 0, 0, 0,
    ]);
  });

  it('P15: a damaged state file is not taken for an absent session', async () => {
    const world = open();
    const session = 'pj-toast' as SessionName;
    const done = join(world.root, 'done');
    await world.start(session, { steps: [{ busyUntil: done }] });
    await world.becomes(session, 'busy');
    writeFileSync(panePaths(world.paths, session).state, '{"session":"pj-to');
    expect(await world.panes.observe(session)).toMatchObject({ kind: 'unreadable' });
    const nudge = world.panes.inject(session, { text: 'x', mode: 'when-idle', waitMs: 0 });
    await expect(nudge).rejects.toMatchObject({ code: 'file.corrupt' });
    // The host's next word is whole again.
    writeFileSync(done, '');
    expect(await world.becomes(session, 'idle')).toMatchObject({ kind: 'live' });
  });
});

/** Steps of the fake agent that play it; each piece of work lasts until its file exists. */
function stepsOf(plays: readonly Play[], fileOf: (work: number) => string): readonly Step[] {
  let works = 0;
  return plays.map((play): Step => {
    if (play === 'work') return { busyUntil: fileOf((works += 1)) };
    if (play === 'ask') return { ask: { title: 'Do you want to proceed?', options: ['Yes', 'No'] } };
    if (play === 'limit') return { limit: "You've hit your limit · resets 7pm" };
    return 'say' in play ? { print: play.say } : play;
  });
}

function realWorld(world: PaneWorld, where: 'tmux' | 'detached'): PanesUnderTest {
  let finished = 0;
  const fileOf = (work: number): string => join(world.root, `finish-${work}`);
  return {
    panes: world.panes,
    prepare: async (session, spawn) => void (await world.prepare(session, { spawn })),
    start: async (session, spawn, plays) => {
      const silent = plays === 'silent';
      const steps = stepsOf(silent ? [] : plays, fileOf);
      await world.start(session, { spawn, steps, flags: silent ? ['--style', 'mute'] : [] }, where);
    },
    finish: async () => writeFileSync(fileOf((finished += 1)), ''),
    killHost: async (session) => {
      const seen = await world.panes.observe(session);
      if ('state' in seen) process.kill(seen.state.host.pid, 'SIGKILL');
    },
    submitted: async (session) => world.submitted(session),
    until: (session, fits) => world.until(session, fits),
    drive: (work) => work,
  };
}

function createFakeWorld(): PanesUnderTest {
  const clock = createFakeClock();
  const processes = createFakeProcesses({ clock });
  const panes = createFakePanes({ clock, processes });
  const plays = new Map<SessionName, Play[]>();
  const taken = new Map<SessionName, string[]>();

  /** The agent goes on until something holds it. */
  const goOn = (session: SessionName): void => {
    const play = plays.get(session)?.shift();
    if (play === undefined) panes.show(session, 'idle');
    else if (play === 'work') panes.show(session, 'busy');
    else if (play === 'ask') panes.show(session, 'dialog', 'needs-input: a question');
    else if (play === 'limit') panes.show(session, 'limited', "You've hit your limit");
    else if ('exit' in play) panes.exit(session, { code: play.exit });
    else {
      panes.print(session, play.say);
      goOn(session);
    }
  };
  const prepare = (session: SessionName, spawn: number): Promise<void> =>
    panes.prepare({
      session,
      spawn,
      argv: ['fake-agent'],
      env: {},
      cwd: '/town',
      runtime: 'fake',
      bead: 'pj-1',
      rules: CLAUDE_RULES,
    });
  return {
    panes,
    prepare,
    start: async (session, spawn, given) => {
      plays.set(session, given === 'silent' ? [] : [...given]);
      await prepare(session, spawn);
      panes.boot(session);
      if (given !== 'silent') goOn(session);
    },
    finish: async (session) => goOn(session),
    killHost: async (session) => panes.killHost(session),
    submitted: async (session) => taken.get(session) ?? [],
    until: async (session, fits): Promise<PaneObservation> => {
      // What was typed is worked off at once.
      const typed = panes.typed(session);
      if (typed.length > (taken.get(session)?.length ?? 0)) {
        taken.set(session, [...typed]);
        const seen = await panes.observe(session);
        if (seen.kind === 'live' && seen.state.state === 'busy') panes.show(session, 'idle');
      }
      const seen = await panes.observe(session);
      if (!fits(seen)) throw new Error(`does not fit: ${JSON.stringify(seen)}`);
      return seen;
    },
    drive: (work) => clock.drive(work),
  };
}
