import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GtError } from '../../../src/core/errors.ts';
import { rejectMergeRequest, retryMergeRequest } from '../../../src/refinery/manage.ts';
import { createFaults } from '../../fakes/faults.ts';
import { auditQueue } from './audit.ts';
import { makeFakeTown } from './fake-machine.ts';
import type { FakeTown } from './fake-machine.ts';
import type { Submitted } from './merge-town.ts';

/** What may happen around a merge queue, in any order. `of` picks one of the submissions so far. */
type Happening =
  | { readonly do: 'submit'; readonly bad: boolean; readonly shared: boolean; readonly stacked: boolean }
  | { readonly do: 'resubmit'; readonly of: number }
  | { readonly do: 'foreign push' }
  | { readonly do: 'delete branch'; readonly of: number }
  | { readonly do: 'reject'; readonly of: number }
  | { readonly do: 'retry'; readonly of: number }
  | { readonly do: 'offline tick' }
  | { readonly do: 'tick' }
  /** A pass that dies at the nth thing it asks of the outside. */
  | { readonly do: 'killed tick'; readonly at: number; readonly after: boolean };

const of = fc.nat(20);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      bad: fc.boolean(),
      shared: fc.boolean(),
      stacked: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resubmit' as const), of }) },
  { weight: 1, arbitrary: fc.constant({ do: 'foreign push' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete branch' as const), of }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reject' as const), of }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry' as const), of }) },
  { weight: 1, arbitrary: fc.constant({ do: 'offline tick' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'tick' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('killed tick' as const),
      at: fc.integer({ min: 1, max: 150 }),
      after: fc.boolean(),
    }),
  },
);

/** A town with its history so far. */
interface Story {
  readonly town: FakeTown;
  readonly all: Submitted[];
  readonly foreign: string[];
}

async function happen(story: Story, event: Happening): Promise<void> {
  const { town } = story;
  await town.clock.advance(1000);
  switch (event.do) {
    case 'submit':
      return submit(story, event);
    case 'resubmit':
      return withOne(story, event.of, async (work) => {
        if ((await town.mr(work.mr)).bead.status === 'closed') return;
        await town.submit('nux', { [`again-${story.all.length}.txt`]: 'x\n' }, work);
      });
    case 'foreign push': {
      const path = `foreign-${story.foreign.length}.txt`;
      story.foreign.push(path);
      await town.origin.commit('main', { [path]: 'x\n' });
      return;
    }
    case 'delete branch':
      return withOne(story, event.of, (work) => town.origin.setBranch(work.branch, undefined));
    case 'reject':
      return withOne(story, event.of, (work) =>
        refusable(rejectMergeRequest(town.ctx, town.rig, { id: work.mr, reason: 'no' })),
      );
    case 'retry':
      return withOne(story, event.of, (work) => refusable(retryMergeRequest(town.ctx, town.rig, work.mr)));
    case 'offline tick':
      town.remote.goOffline();
      await town.tick();
      town.remote.goOnline();
      return;
    case 'tick':
      await town.tick();
      return;
    case 'killed tick':
      return killedTick(town, event);
  }
}

async function submit(
  { town, all }: Story,
  event: Extract<Happening, { readonly do: 'submit' }>,
): Promise<void> {
  const name = `w${all.length}`;
  const text = event.bad ? 'BAD\n' : 'good\n';
  const changes = event.shared ? { 'shared.txt': `one\n${name}\nthree\n${text}` } : { [`${name}.txt`]: text };
  const below = event.stacked ? all.at(-1) : undefined;
  all.push(await town.submit(name, changes, below === undefined ? {} : { from: below.head }));
}

async function withOne(
  { all }: Story,
  pick: number,
  act: (work: Submitted) => Promise<unknown>,
): Promise<void> {
  const work = all[pick % Math.max(1, all.length)];
  if (work !== undefined) await act(work);
}

/** Refusals are answers, not failures. */
async function refusable(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
  }
}

async function killedTick(town: FakeTown, { at, after }: { readonly at: number; readonly after: boolean }) {
  const faults = createFaults();
  faults.stopAt(at, after ? 'after' : 'before');
  const { git, store, files, processes } = town.ctx.ports;
  const dying = town.as({
    git: faults.wrap('git', git),
    store: faults.wrap('store', store),
    files: faults.wrap('files', files),
    processes: faults.wrap('processes', processes),
  });
  await dying.tick().catch(() => undefined);
  town.locks.die();
}

/** Branches that people deleted while they were queued are not the queue's doing. */
async function audit(
  { town, all, foreign }: Story,
  deleted: ReadonlySet<string>,
): Promise<readonly string[]> {
  const wrong = await auditQueue(town, all);
  const files = await town.origin.files('main');
  const lost = foreign.filter((path) => !(path in files)).map((path) => `foreign ${path} is gone`);
  const bad = Object.entries(files).filter(([, text]) => text.includes('BAD'));
  return [
    ...wrong.filter((line) => ![...deleted].some((branch) => line.startsWith(`${branch} is gone`))),
    ...lost,
    ...bad.map(([path]) => `${path} landed although it is bad`),
  ];
}

describe('any history of a merge queue', () => {
  it('P8: lands each change at most once, never a bad one, and leaves nothing good behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 16 }), async (events) => {
        const town = await makeFakeTown({ 'shared.txt': 'one\ntwo\nthree\n' });
        const story: Story = { town, all: [], foreign: [] };
        const deleted = new Set<string>();
        try {
          for (const event of events) {
            const count = story.all.length;
            if (event.do === 'delete branch' && count > 0) deleted.add(story.all[event.of % count]!.branch);
            await happen(story, event);
          }
          await town.settle();
          await town.clock.advance(3_600_000);
          await town.settle();
          expect(await audit(story, deleted)).toEqual([]);
          expect(await leftOver(story)).toEqual([]);
          expect((await town.tick()).runs).toBe(0);
        } finally {
          await town.close();
        }
      }),
      { numRuns: 25 },
    );
  });
});

/** With nothing more happening, every open merge request says why it stands. */
async function leftOver({ town, all }: Story): Promise<readonly string[]> {
  const requests = await Promise.all(all.map((work) => town.mr(work.mr)));
  return requests
    .filter(
      ({ bead, phase }) =>
        bead.status !== 'closed' && !['evicted', 'blocked', 'missing', 'deferred'].includes(phase),
    )
    .map(({ id, phase }) => `${id} is still ${phase}`);
}
