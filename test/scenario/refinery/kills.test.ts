import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAttempts } from '../../../src/town/attempts.ts';
import { createFaults, Stop } from '../../fakes/faults.ts';
import { auditQueue } from './audit.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

const STEPS = ['H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'H7', 'H8', 'H9', 'H10'];

let town: FakeTown;
beforeEach(async () => {
  town = await makeFakeTown();
});
afterEach(() => town.close());

/** Three good changes and a bad one in the middle. */
async function submitFour(): Promise<readonly Submitted[]> {
  const all: Submitted[] = [];
  for (const [name, text] of Object.entries({ ace: 'a', bob: 'BAD', cat: 'c', dan: 'd' })) {
    await town.clock.advance(1000);
    all.push(await town.submit(name, { [`${name}.txt`]: `${text}\n` }));
  }
  return all;
}

async function expectAllDone(all: readonly Submitted[]): Promise<void> {
  expect(await auditQueue(town, all)).toEqual([]);
  const phases = await Promise.all(all.map(async (work) => (await town.mr(work.mr)).phase));
  expect(phases).toEqual(['done', 'evicted', 'done', 'done']);
  expect(await town.origin.messages('main')).toHaveLength(4);
  expect(await town.origin.branches()).toEqual(['main', all[1]!.branch]);
  expect(await town.bead(all[1]!.issue)).toMatchObject({ status: 'open', assignee: '' });
  const comments = await town.ledger.comments(all[1]!.issue);
  expect(comments).toHaveLength(1);
  expect((await readAttempts(town.ctx)).get(all[1]!.issue)).toMatchObject({ count: 1 });
  const lane = await town.lane();
  expect(lane).toMatchObject({ chain: [], landing: [] });
  expect(lane.intent).toBeUndefined();
}

describe('P8: a merge engine killed at any step of a landing', () => {
  it.each(STEPS.flatMap((step) => [`${step}:before`, `${step}:after`]))(
    'at %s: the next pass ends with every good change landed exactly once',
    async (place) => {
      const all = await submitFour();
      const [step, when] = place.split(':');
      let killed = false;
      const dying = town.as({}, (at, moment) => {
        if (at !== step || moment !== when || killed) return;
        killed = true;
        throw new Stop(at, moment);
      });
      await expect(dying.tick()).rejects.toBeInstanceOf(Stop);
      expect(await auditQueue(town, all)).toEqual(await closedLate(step));
      town.locks.die();
      await town.settle();
      await expectAllDone(all);
    },
  );

  /** Between the push and the closing transaction the rows are behind the remote: that much may be seen. */
  async function closedLate(step: string | undefined): Promise<unknown> {
    const between = ['H5', 'H6', 'H7'].includes(step ?? '');
    return between ? expect.any(Array) : [];
  }

  it('at any call that changes something outside: the same', async () => {
    const clean = createFaults();
    await submitFour();
    await town.as(wrapAll(town, clean)).settle();
    const places = clean.calls.flatMap((name, index) => (CHANGES.test(name) ? [index + 1] : []));
    expect(places.length).toBeGreaterThan(30);
    for (const place of places) {
      await town.close();
      town = await makeFakeTown();
      const all = await submitFour();
      const faults = createFaults();
      faults.stopAt(place, place % 2 === 0 ? 'after' : 'before');
      await town
        .as(wrapAll(town, faults))
        .settle()
        .catch(() => undefined);
      expect(faults.stopped, `call ${place}`).toBe(true);
      town.locks.die();
      await town.settle();
      await expectAllDone(all);
    }
  });

  it('killed again and again while it recovers: still the same', async () => {
    const all = await submitFour();
    for (const step of ['H4', 'H5', 'H6', 'H7', 'H8', 'H10', 'H3', 'H2', 'H1']) {
      const dying = town.as({}, (at, moment) => {
        if (at === step && moment === 'after') throw new Stop(at, moment);
      });
      await dying.tick().catch(() => undefined);
      town.locks.die();
    }
    await town.settle();
    await expectAllDone(all);
  });

  it('gates left running by a killed engine are ended before new ones start', async () => {
    await submitFour();
    const dying = town.as({}, (at, moment) => {
      if (at === 'H3' && moment === 'after') throw new Stop(at, moment);
    });
    await expect(dying.tick()).rejects.toBeInstanceOf(Stop);
    town.locks.die();
    const stray = town.processes.spawn({ argv: ['sh'], mark: `${town.rig.paths.gateDir}/wt-0/test` });
    const other = town.processes.spawn({ argv: ['sh'], mark: '/elsewhere/wt-0/test' });
    await town.clock.drive(town.settle());
    expect(await town.processes.isAlive(stray)).toBe(false);
    expect(await town.processes.isAlive(other)).toBe(true);
  });
});

const CHANGES =
  /^git\.(?:remotes\.push|objects\.updateRef|worktrees\.\w+)$|\.transaction$|^files\.(?:writeAtomic|appendLine|remove)$|^processes\.run$|^locks\.acquire$/;

function wrapAll(town: FakeTown, faults: ReturnType<typeof createFaults>) {
  const { git, files, processes, locks, store } = town.ctx.ports;
  return {
    git: faults.wrap('git', git),
    files: faults.wrap('files', files),
    processes: faults.wrap('processes', processes),
    locks: faults.wrap('locks', locks),
    store: faults.wrap('store', store),
  };
}
