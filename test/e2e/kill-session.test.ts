import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KillTown, stepsOf } from './support/killing.ts';
import type { PaneFile } from './support/killing.ts';

/**
 * kill -9 of the pane host and of the agent at every named step at which they live: of a dispatch once F6 has made
 * them, of the agent's own done (G), of the landing of its work while it still sits at its prompt (H).
 */
const VICTIMS = {
  'the pane host': ({ host }: PaneFile) => host.pid,
  'the agent': ({ child }: PaneFile) => child.pid,
} as const;

let town: KillTown;

beforeEach(async () => {
  town = await KillTown.create('sqlite');
  await town.home.gt('config', 'set', 'operational.daemon.mass_death_threshold', '1000');
  await town.home.gt('up');
});

afterEach(async () => {
  await town.dispose();
});

describe.each(Object.entries(VICTIMS))('%s, killed at every step', (_name, pidOf) => {
  test('P1, P6: of its own dispatch, is started again and its work lands once', async () => {
    const steps = stepsOf('F', 6, 7).slice(1);
    const ids = await town.createBeads(steps.map((step) => `Killed at ${step}`));
    for (const [index, step] of steps.entries()) {
      const id = ids[index] ?? '';
      town.hold(step);
      // It cannot hand in meanwhile: its sling holds the worktree's lock.
      const slinging = town.sling([id]);
      await town.untilHeld(step);
      await town.kill(pidOf(await town.pane(id)));
      town.release(step);
      expect((await slinging).code, step).toBe(0);
      await town.home.gt('up');
    }
    await town.untilClosed(ids);
    expect(town.landed()).toEqual(ids.toSorted());
  });

  test('P7: of gt done, leaves work handed in or not, and it lands once', async () => {
    const steps = stepsOf('G', 1, 7);
    const ids = await town.createBeads(steps.map((step) => `Killed at ${step}`));
    await town.holdDone(ids, steps);
    for (const id of ids) await town.kill(pidOf(await town.pane(id)));
    for (const step of steps) town.release(step);
    await town.home.gt('up');
    await town.untilClosed(ids);
    expect(town.landed()).toEqual(ids.toSorted());
  });
});

test(
  'P8: pane hosts and agents killed at every step of a landing: the work lands once',
  { timeout: 240_000 },
  async () => {
    const agent = join(town.home.home, 'agent.sh');
    const commands = ['gt prime --hook </dev/null', 'echo work > file-$GT_ISSUE', 'gt done', 'exec cat'];
    writeFileSync(agent, commands.join('\n'));
    await town.home.gt('config', 'agent', 'set', 'sitter', `sh ${agent}`);
    // A daemon would end the sessions of work that is handed in. No step reads anything of a session, so that one
    // victim dies before it and one after it.
    await town.home.gt('daemon', 'stop');
    const ids: string[] = [];
    for (let step = 1; step <= 10; step += 1) {
      const pair = await town.createBeads([`Host killed at H${step}`, `Agent killed at H${step}`]);
      ids.push(...pair);
      await town.home.gt('sling', ...pair, 'proj', '--agent', 'sitter');
      await town.untilSubmitted(pair.length);
      const pids = Object.values(VICTIMS).map(async (pidOf, index) =>
        pidOf(await town.pane(pair[index] ?? '')),
      );
      const left = await Promise.all(pids);
      const landed = await town.killBeside(stepsOf('H', step, step), {
        begin: () => town.home.tryGt(['refinery', 'process', 'proj', '--once']),
        kill: () => town.kill(left.shift() ?? 0),
      });
      expect(landed.code, `H${step}`).toBe(0);
    }
    await town.home.gt('up');
    await town.untilClosed(ids);
    expect(town.landed()).toEqual(ids.toSorted());
  },
);
