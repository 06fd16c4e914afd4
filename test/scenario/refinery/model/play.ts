import { GtError, UnavailableError, messageOf } from '../../../../src/core/errors.ts';
import type { Sha } from '../../../../src/core/names.ts';
import { rejectMergeRequest, retryMergeRequest } from '../../../../src/refinery/manage.ts';
import { isLane, readLane } from '../../../../src/refinery/lane-store.ts';
import type { LaneRecord } from '../../../../src/refinery/lane.ts';
import { resumeLane } from '../../../../src/refinery/pause.ts';
import type { TownPorts } from '../../../../src/ports/index.ts';
import type { TickReport } from '../../../../src/refinery/report.ts';
import { createFaults, Stop } from '../../../fakes/faults.ts';
import { createFakeLocks } from '../../../fakes/locks.ts';
import type { MergeTown } from '../merge-town.ts';
import type { Change, Happening } from './happenings.ts';
import { beginPass, configure, filesOf } from './story.ts';
import type { Request, Story } from './story.ts';
import { ancestry } from './truth.ts';

/** Makes it happen. Returns the report of a whole, undisturbed pass. */
export async function happen(story: Story, event: Happening): Promise<TickReport | undefined> {
  const { town } = story;
  switch (event.do) {
    case 'pass':
      return pass(story, town);
    case 'pass meanwhile': {
      story.meanwhile = { at: event.at, nth: event.nth, act: () => happen(story, event.happens) };
      await pass(story, town);
      story.meanwhile = undefined;
      return undefined;
    }
    case 'killed pass':
      return killedPasses(story, event);
    case 'pass with an outage':
      return outage(story, event);
    case 'offline pass':
      town.remote.goOffline();
      await pass(story, town);
      town.remote.goOnline();
      return undefined;
    case 'pass with a wrong merge':
      story.misled = true;
      await pass(story, town.as({ git: misleading(story, event.nth) }));
      return undefined;
    case 'pass with a push that':
      story.trick = event.trick;
      await pass(story, town);
      story.trick = undefined;
      return undefined;
    case 'pass on a sick machine':
      story.sick = { how: event.how, runs: event.runs };
      await pass(story, town);
      story.sick = undefined;
      return undefined;
    case 'two passes at once':
      return twoPasses(story);
    case 'stalled pass':
      return stalledPass(story, event.run);
    case 'wait':
      await town.clock.advance(event.ms);
      return undefined;
    case 'submit':
    case 'resubmit':
    case 'force-push':
    case 'delete branch':
    case 'foreign push':
    case 'rewrite target':
    case 'reject':
    case 'retry':
    case 'prioritize':
    case 'configure':
    case 'resume':
      await happenOutside(story, event);
      return undefined;
  }
}

type Outside = Exclude<
  Happening,
  { readonly do: 'pass' | 'wait' | `${string} pass` | `pass ${string}` | `two ${string}` }
>;

async function happenOutside(story: Story, event: Outside): Promise<unknown> {
  const { town } = story;
  switch (event.do) {
    case 'submit':
      return submit(story, event);
    case 'resubmit':
      return withOne(story, event.of, (request) => resubmit(story, request, event));
    case 'force-push':
      return withOne(story, event.of, async (request) => {
        const from = await headOf(story, request.branch);
        if (from !== undefined) await commit(story, { ...request, change: event.change, from });
      });
    case 'delete branch':
      return withOne(story, event.of, ({ branch }) => town.origin.setBranch(branch, undefined));
    case 'foreign push':
      return story.tips.push(await pushToTarget(story, event.change));
    case 'rewrite target':
      return rewrite(story, event.commits);
    case 'reject':
      return withOne(story, event.of, async (request) => {
        await refusable(async () => {
          await rejectMergeRequest(town.ctx, town.rig, { id: request.mr, reason: 'no' });
          request.rejected = true;
        });
      });
    case 'retry':
      return withOne(story, event.of, ({ mr }) => refusable(() => retryMergeRequest(town.ctx, town.rig, mr)));
    case 'prioritize':
      return withOne(story, event.of, ({ mr }) =>
        town.ledger.transaction('overseer', async (tx) => {
          if ((await tx.get(mr))?.status !== 'closed') await tx.update(mr, { priority: event.priority });
        }),
      );
    case 'configure':
      return configure(story, event.to);
    case 'resume':
      return resume(story);
  }
}

export async function resume(story: Story): Promise<void> {
  const { town } = story;
  await resumeLane(town.ctx, town.rig, 'main');
  story.frozen = false;
}

/** One pass of one engine; time goes on where it waits for time. What it throws is either a refusal or a bug. */
export async function pass(story: Story, engine: MergeTown): Promise<TickReport | undefined> {
  beginPass(story);
  try {
    return await story.town.clock.drive(engine.tick());
  } catch (error) {
    if (error instanceof GtError && error.code.split('.')[0] !== 'bug') return undefined;
    if (!(error instanceof Stop)) story.wrong.push(`3: the engine crashed: ${messageOf(error)}`);
    return undefined;
  }
}

/** The nth merge gives the branch's own files: whatever else came to the target is undone by it. */
function misleading({ town, objects }: Story, nth: number): TownPorts['git'] {
  const { git } = town.ctx.ports;
  let left = nth;
  const mergeTree: typeof git.objects.mergeTree = async (repo, ours, theirs) => {
    left -= 1;
    return left === 0
      ? { merged: true, tree: objects.commitOf(theirs).tree }
      : git.objects.mergeTree(repo, ours, theirs);
  };
  return { ...git, objects: { ...git.objects, mergeTree } };
}

async function killedPasses(
  story: Story,
  { at, after }: Extract<Happening, { do: 'killed pass' }>,
): Promise<undefined> {
  const { town } = story;
  story.calm = false;
  for (const [index, place] of at.entries()) {
    const faults = createFaults();
    faults.stopAt(place, (index % 2 === 0) === after ? 'after' : 'before');
    const { git, store, files, processes } = town.ctx.ports;
    const dying = town.as({
      git: faults.wrap('git', git),
      store: faults.wrap('store', store),
      files: faults.wrap('files', files),
      processes: faults.wrap('processes', processes),
    });
    await pass(story, dying);
    town.locks.die();
  }
  return undefined;
}

async function outage(
  story: Story,
  { of, at }: Extract<Happening, { do: 'pass with an outage' }>,
): Promise<undefined> {
  const { town } = story;
  story.calm = false;
  const faults = createFaults();
  faults.failAt(at, new UnavailableError({ code: `${of}.unavailable`, message: `${of} does not answer` }));
  const { git, store } = town.ctx.ports;
  await pass(
    story,
    town.as(of === 'git' ? { git: faults.wrap('git', git) } : { store: faults.wrap('store', store) }),
  );
  return undefined;
}

async function twoPasses(story: Story): Promise<undefined> {
  const { town } = story;
  const second = town.as({ locks: town.locks.asProcess(2000) });
  const reports = await Promise.all([pass(story, town), pass(story, second)]);
  const hasWorked = (report: TickReport | undefined): boolean =>
    report !== undefined && report.runs + report.landed.length + report.evicted.length > 0;
  // The lock is one defence, the record's revision the other: neither may need the other.
  if (reports.every(hasWorked) || reports.some((report) => report?.state === 'lost'))
    story.wrong.push('7: two engines of one machine worked at once');
  return undefined;
}

/** Its gate and its clock stand still; the lease runs out; another machine works the lane; then it goes on. */
async function stalledPass(story: Story, run: number): Promise<undefined> {
  const { town } = story;
  story.calm = false;
  const reached = Promise.withResolvers<undefined>();
  const woken = Promise.withResolvers<undefined>();
  let stalled = false;
  story.meanwhile = {
    at: 'gate',
    nth: run,
    act: () => {
      stalled = true;
      reached.resolve(undefined);
      return woken.promise;
    },
  };
  const clock = {
    ...town.clock,
    sleep: async (ms: number, signal?: AbortSignal) => {
      await town.clock.sleep(ms, signal);
      if (stalled) await woken.promise;
    },
  };
  const late = pass(story, town.as({ clock }));
  await town.clock.drive(Promise.race([reached.promise, late]));
  story.meanwhile = undefined;
  const own = await laneOf(story);
  if (stalled) {
    const other = await otherMachine(story);
    await pass(story, other);
    if ((await laneOf(story))?.rev !== own?.rev)
      story.wrong.push('7: another machine took the lane of an engine whose lease runs');
    await town.clock.advance(61_000);
    await pass(story, other);
  }
  const theirs = await laneOf(story);
  stalled = false;
  woken.resolve(undefined);
  await town.clock.drive(late);
  const isTheirs = theirs?.rev !== own?.rev;
  if (isTheirs && (await laneOf(story))?.rev !== theirs?.rev)
    story.wrong.push('7: an engine that woke up late wrote the lane of the one that went on');
  return undefined;
}

async function otherMachine(story: Story): Promise<MergeTown> {
  const { town } = story;
  if (story.elsewhere === undefined) {
    const locks = createFakeLocks({ clock: town.clock, host: 'elsewhere' });
    story.elsewhere = await town.elsewhere('/town-2', { locks });
    await story.elsewhere.set(story.settings);
  }
  return story.elsewhere;
}

async function submit(story: Story, event: Extract<Happening, { do: 'submit' }>): Promise<void> {
  const { town, requests, objects } = story;
  const below = event.on === 0 ? undefined : requests.at(-event.on);
  const from =
    (below === undefined ? undefined : await headOf(story, below.branch)) ?? (await headOf(story, 'main'));
  if (from === undefined) return;
  const n = requests.length;
  const changes = filesOf(event.change, n, objects.filesOf(from));
  const made = await town.submit(`w${n}`, changes, { from, priority: event.priority });
  requests.push({ ...made, heads: new Set([made.head]), rejected: false });
}

async function resubmit(
  story: Story,
  request: Request,
  { change, anew }: Extract<Happening, { do: 'resubmit' }>,
): Promise<void> {
  const { town, objects } = story;
  if ((await town.mr(request.mr)).bead.status === 'closed') return;
  const own = anew ? undefined : await headOf(story, request.branch);
  const from = own ?? (await headOf(story, 'main'));
  if (from === undefined) return;
  const changes = filesOf(change, numberOfChange(story), objects.filesOf(from));
  const { head } = await town.submit('nux', changes, { issue: request.issue, branch: request.branch, from });
  request.heads.add(head);
}

async function commit(
  story: Story,
  work: Request & { readonly change: Change; readonly from: Sha },
): Promise<void> {
  const changes = filesOf(work.change, numberOfChange(story), story.objects.filesOf(work.from));
  const options = { from: work.from, message: `Pushed to ${work.branch}` };
  work.heads.add(await story.town.origin.commit(work.branch, changes, options));
}

async function pushToTarget(story: Story, change: Change): Promise<Sha> {
  const { town, objects } = story;
  const tip = await headOf(story, 'main');
  const changes = tip === undefined ? {} : filesOf(change, numberOfChange(story), objects.filesOf(tip));
  return town.origin.commit('main', changes, { message: 'Pushed by somebody' });
}

async function rewrite(story: Story, commits: number): Promise<void> {
  const { town, tips, objects } = story;
  let to = tips.at(-1);
  for (let step = 0; step < commits && to !== undefined; step += 1)
    to = objects.commitOf(to).parents[0] ?? to;
  if (to === undefined || to === tips.at(-1)) return;
  await town.origin.setBranch('main', to);
  const landed = (await laneOf(story))?.landed;
  if (landed !== undefined && !ancestry(objects, to).has(landed)) story.frozen = true;
  story.rewrittenAt = tips.push(to) - 1;
}

async function laneOf({ town }: Story): Promise<LaneRecord | undefined> {
  const bead = (await town.ledger.list({ labels: ['gt:mq-lane'] })).find(isLane);
  return bead === undefined ? undefined : readLane(bead);
}

/** Different at every change, the same whenever the same history is played. */
function numberOfChange({ requests, tips }: Story): number {
  const heads = requests.reduce((sum, { heads: own }) => sum + own.size, 0);
  return 100 + heads * 7 + tips.length * 1000;
}

async function headOf({ town }: Story, branch: string): Promise<Sha | undefined> {
  return town.origin.head(branch);
}

async function withOne(
  story: Story,
  pick: number,
  act: (request: Request) => Promise<unknown>,
): Promise<void> {
  const request = story.requests[pick % Math.max(1, story.requests.length)];
  if (request !== undefined) await act(request);
}

/** Refusals are answers, not failures. */
async function refusable(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
  }
}
