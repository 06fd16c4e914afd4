import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import { planAsk } from '../../src/runtimes/ask.ts';
import { makeCatalog } from '../../src/runtimes/catalog.ts';
import { planLaunch } from '../../src/runtimes/launch.ts';
import type { LaunchRequest } from '../../src/runtimes/launch.ts';
import { PROGRAMS, invoke } from '../agent/fake/programs.ts';
import type { Invocation, Program } from '../agent/fake/programs.ts';
import { PaneWorld, stateOf } from '../support/pane-world.ts';
import { tempDirs } from '../support/temp-dir.ts';

const tempDir = tempDirs();
const TOAST = 'pj-toast' as SessionName;
const catalog = makeCatalog({ town: {}, rig: {}, custom: [], registries: [] }, ['/bin/node', '/gt.ts']);
const RUNTIMES = catalog.names.filter((name) => catalog.get(name).kind === 'agent');
const TASK = 'work on pj-1';
/** Nothing that they show while they work is known: the host takes them for idle when they stop drawing. */
const ONLY_BY_SILENCE = new Set(['amp', 'cursor']);
const ID = '5f0c9f0e-0000-4000-8000-000000000001';

function program(name: string): Program {
  const found = PROGRAMS[name];
  if (found === undefined) throw new Error(`nobody has written down what ${name} is like`);
  return found;
}

/** The words behind the program's name, hooks and all. */
function launch(name: string, more: Partial<LaunchRequest> = {}) {
  const hooks = { file: '/town/hooks.json', env: {} };
  return planLaunch({
    runtime: catalog.get(name),
    conversation: ID,
    hooks,
    lookUp: {},
    prompt: TASK,
    ...more,
  });
}

const understood = (name: string, [, ...words]: readonly string[]): Invocation =>
  invoke(program(name), words);

describe.each(RUNTIMES)('P28: what gt knows of %s', (name) => {
  const runtime = catalog.get(name);

  it('its command line takes what gt says: the task, an earlier conversation, a single question', () => {
    const { argv, typedPrompt } = launch(name);
    const { prompt } = understood(name, argv);
    expect([prompt, typedPrompt].filter((text) => text?.startsWith(TASK))).toHaveLength(1);
    if (runtime.resume !== undefined) {
      const again = launch(name, { resume: { conversation: ID } });
      expect(understood(name, again.argv)).toMatchObject({ resume: ID });
    }
    if (runtime.continueFlag !== undefined) {
      expect(understood(name, launch(name, { resume: {} }).argv)).toMatchObject({ resume: undefined });
    }
    if (runtime.oneShot !== undefined) {
      const ask = planAsk({ runtime, question: 'what did you change?', conversation: ID, lookUp: {} });
      expect(understood(name, ask.argv)).toMatchObject({ resume: ID, print: 'what did you change?' });
    }
  });

  const first = RUNTIMES.find((other) => program(other) === program(name));
  describe.skipIf(first !== name)('its screen is read', () => {
    let world: PaneWorld;
    beforeEach(() => {
      world = new PaneWorld(tempDir());
    });
    afterEach(() => world.dispose());

    it('from the first dialog to the limit and the end', async () => {
      const { look: _look, trust, limit } = program(name);
      const done = join(world.root, 'done');
      const { argv, typedPrompt } = launch(name);
      await world.start(TOAST, {
        steps: [
          ...(trust === undefined ? [] : [{ ask: trust }]),
          ...(typedPrompt === undefined ? [] : [{ read: 1 }]),
          { busyUntil: done },
          { read: 1 },
          { limit },
        ],
        flags: ['--program', name, '--', ...argv.slice(1)],
        rules: { ...runtime.rules, readyDelayMs: 0 },
        ...(typedPrompt === undefined ? {} : { prompt: typedPrompt }),
      });
      await world.eventually('the task', () => world.submitted(TOAST)[0]);
      expect(runtime.rules.busyPatterns.length === 0).toBe(ONLY_BY_SILENCE.has(name));
      if (!ONLY_BY_SILENCE.has(name)) {
        await world.becomes(TOAST, 'busy');
        const tooEarly = await world.panes.inject(TOAST, { text: 'hurry', mode: 'when-idle', waitMs: 1500 });
        expect(tooEarly).toMatchObject({ sent: false });
      }
      writeFileSync(done, '');
      expect(await world.panes.inject(TOAST, { text: 'hurry', mode: 'when-idle', waitMs: 30_000 })).toEqual({
        sent: true,
      });
      await world.becomes(TOAST, 'limited');
      expect(world.submitted(TOAST)).toEqual([expect.stringContaining(TASK), 'hurry']);
      expect(await world.panes.stop(TOAST, 20_000)).toBe(true);
      expect(stateOf(await world.panes.observe(TOAST)).exit).toEqual({ code: null, signal: 'SIGTERM' });
    });
  });
});
