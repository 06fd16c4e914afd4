import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAttachment } from '../../../src/beads/forms/attachment.ts';
import type { AttachmentPatch } from '../../../src/beads/forms/attachment.ts';
import { createFiles } from '../../../src/adapters/files.ts';
import type { Sha } from '../../../src/core/names.ts';
import { provisionWorktree } from '../../../src/hooks/worktree.ts';
import { finishDone } from '../../../src/polecat/done/finish.ts';
import { nukePolecat } from '../../../src/polecat/nuke/run.ts';
import { releaseBead } from '../../../src/polecat/release/run.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import type { FakeFiles } from '../../fakes/files.ts';
import { createFakeGit } from '../../fakes/git.ts';
import type { FakeGit } from '../../fakes/git.ts';
import { realGitWorld } from '../../support/git-worlds.ts';
import type { User } from '../../support/git-worlds.ts';
import { tempDirs } from '../../support/temp-dir.ts';
import { makeTownOn } from './town.ts';
import type { AnyTown, Worker } from './town.ts';

/** A town, somebody with a shell in its worktrees, and a look at everything that is kept anywhere. */
interface World {
  readonly town: AnyTown;
  readonly user: (path: string) => Hand;
  /** A commit on the remote's main that conflicts with what `user` has committed. */
  readonly conflicting: (text: string) => Sha;
  readonly filesOf: (commit: Sha) => Readonly<Record<string, string>>;
}

const tempDir = tempDirs();

async function inMemory(): Promise<World> {
  const clock = createFakeClock();
  const files = createFakeFiles({ clock });
  const git = createFakeGit({ files, clock });
  const remote = git.createRemote('/remotes/proj.git', { files: { 'README.md': '# Project\n' } });
  const town = await makeTownOn({ root: '/town', url: remote.url, clock, files, git });
  return {
    town,
    user: (path) => memoryUser(git, files, path),
    conflicting: (text) => remote.commit('main', { 'README.md': text }),
    filesOf: (commit) => git.filesOf(commit),
  };
}

async function onDisk(): Promise<World> {
  const dir = tempDir();
  const world = realGitWorld(dir);
  const remote = world.remote('proj.git');
  const files = createFiles();
  const root = `${dir}/town`;
  const town = await makeTownOn({ root, url: remote.url, clock: createFakeClock(), files, git: world.git });
  return {
    town,
    user: (path) => world.user(path),
    conflicting: (text) => remote.commit('main', { 'README.md': text }),
    filesOf: (commit) => world.filesOf(town.rig.paths.bare, commit),
  };
}

type Hand = Pick<User, 'write' | 'stage' | 'commitEverything' | 'stash' | 'beginRebase'>;

function memoryUser(git: FakeGit, files: FakeFiles, path: string): Hand {
  return {
    write: (file, text) => files.disk.write(`${path}/${file}`, Buffer.from(text), undefined),
    stage: (...names) => git.user(path).stage(...names),
    commitEverything: (message) => git.user(path).commitEverything(message),
    stash: () => git.user(path).stash(),
    beginRebase: (onto) => git.user(path).begin('rebase', onto),
  };
}

const PRECIOUS = 'precious bytes\n';

/** Ways in which a worktree can hold what is nowhere else. */
const STATES: Readonly<Record<string, (user: Hand, world: World) => Promise<void> | void>> = {
  untracked: (user) => user.write('new.md', PRECIOUS),
  modified: (user) => user.write('README.md', PRECIOUS),
  staged: (user) => {
    user.write('staged.md', PRECIOUS);
    user.stage('staged.md');
  },
  'staged, then changed again': (user) => {
    user.write('staged.md', PRECIOUS);
    user.stage('staged.md');
    user.write('staged.md', 'something else\n');
  },
  stash: (user) => {
    user.write('README.md', PRECIOUS);
    user.stash();
  },
  'a local commit': (user) => {
    user.write('done.md', PRECIOUS);
    user.commitEverything('Local work');
  },
  'a detached commit': async (user, { town }) => {
    const { worktree } = await holderPaths(town);
    user.write('done.md', PRECIOUS);
    const sha = user.commitEverything('Detached work');
    await town.git.worktrees.checkout(worktree, { commit: sha });
    await resetBranch(town);
  },
  'a rebase under way': async (user, world) => {
    user.write('README.md', PRECIOUS);
    user.commitEverything('Conflicting work');
    const onto = world.conflicting('# Other\n');
    await world.town.git.remotes.fetch(world.town.rig.paths.bare, 'origin', ['main']);
    user.beginRebase(onto);
  },
};

async function holderPaths(town: AnyTown): Promise<{ readonly worktree: string; readonly branch: string }> {
  const row = await town.row('furiosa');
  return { worktree: `${town.root}/proj/polecats/furiosa/proj`, branch: row?.branch ?? '' };
}

/** The branch goes back to the base: the commit is on HEAD alone. */
async function resetBranch(town: AnyTown): Promise<void> {
  const { branch } = await holderPaths(town);
  const { bare } = town.rig.paths;
  const base = await town.git.objects.resolve(bare, 'refs/remotes/origin/main');
  await town.git.objects.updateRef(bare, `refs/heads/${branch}`, { to: base, from: 'any' });
}

/** Every way in which something could take a worktree away. */
const TAKERS: Readonly<Record<string, (world: World, worker: Worker, bead: string) => Promise<unknown>>> = {
  nuke: async ({ town }, worker, bead) => {
    await free(town, bead);
    return town.clock.drive(
      nukePolecat(town.ctx, { rig: town.rig, worker: worker.name, what: 'nuke', force: false }),
    );
  },
  'nuke --force': async ({ town }, worker) => {
    return town.clock.drive(
      nukePolecat(town.ctx, { rig: town.rig, worker: worker.name, what: 'nuke', force: true }),
    );
  },
  unsling: async ({ town }, _worker, bead) => {
    const row = await town.bead(bead);
    return town.clock.drive(releaseBead(town.ctx, { rig: town.rig, bead: row, force: false, why: 'test' }));
  },
  'unsling --force': async ({ town }, _worker, bead) => {
    const row = await town.bead(bead);
    return town.clock.drive(releaseBead(town.ctx, { rig: town.rig, bead: row, force: true, why: 'test' }));
  },
  'sling --force': async ({ town }, _worker, bead) => town.dispatch(bead, { force: true }),
  done: async (_world, worker) => worker.done(),
  'done --status DEFERRED': async (_world, worker) =>
    worker.done({ status: 'DEFERRED', reason: 'for the test' }),
  'done --status ESCALATED': async (_world, worker) =>
    worker.done({ status: 'ESCALATED', reason: 'for the test' }),
  'done --reason': async (_world, worker) => worker.done({ reason: 'nothing was needed after all' }),
  'done, strategy direct': async ({ town }, worker, bead) => {
    await attach(town, bead, { mergeStrategy: 'direct' });
    return worker.done();
  },
  'done, strategy local': async ({ town }, worker, bead) => {
    await attach(town, bead, { mergeStrategy: 'local' });
    return worker.done();
  },
  'done, no merge': async ({ town }, worker, bead) => {
    await attach(town, bead, { noMerge: true });
    return worker.done();
  },
  'the release after done': async ({ town }, worker, bead) => {
    await free(town, bead);
    return town.clock.drive(finishDone(town.ctx, town.rig, worker.name));
  },
  'the next bead in the same worktree': async ({ town }, worker, bead) => {
    await free(town, bead);
    const next = await town.create();
    const start = await town.git.objects.resolve(town.rig.paths.bare, 'refs/remotes/origin/main');
    if (start === undefined) throw new Error('no base');
    const branch = `polecat/furiosa/${next.id}@1`;
    const { name } = worker;
    return provisionWorktree(town.ctx, {
      rig: town.rig,
      worker: name,
      bead: next.id,
      dispatch: 'D2',
      branch,
      start,
    });
  },
};

async function attach(town: AnyTown, bead: string, patch: AttachmentPatch): Promise<void> {
  await town.ledger.transaction('x', async (tx) => {
    const { description } = await tx.find(bead);
    await tx.update(bead, { description: writeAttachment(description, patch) });
  });
}

/** A person closed the bead: the worker holds nothing, its session is gone. */
async function free(town: AnyTown, bead: string): Promise<void> {
  await town.ledger.transaction('x', (tx) => tx.close(bead, { reason: 'closed by hand', force: true }));
  for (const session of await town.panes.list()) await town.panes.stop(session, 0);
}

const cases = Object.keys(TAKERS)
  .flatMap((taker) => Object.keys(STATES).map((state) => [taker, state] as const))
  // Done commits the file as it is: the agent itself wrote over what it had staged.
  .filter(([taker, state]) => !(taker.startsWith('done') && state === 'staged, then changed again'));

/** Each way of reading a worktree once: the others only combine them. */
const onDiskCases = cases.filter(([taker]) =>
  ['nuke --force', 'done', 'done, strategy direct'].includes(taker),
);

describe.each([
  ['git in memory', inMemory, cases],
  ['the git program', onDisk, onDiskCases],
] as const)('P2: on %s', (_name, makeWorld, cases) => {
  let world: World;
  beforeEach(async () => {
    world = await makeWorld();
  });
  afterEach(() => world.town.close());

  test.each(cases)('%s of a worktree with %s loses nothing', async (taker, state) => {
    const { town } = world;
    const bead = await town.create();
    const worker = await town.dispatch(bead.id);
    await worker.begin();
    await STATES[state]?.(world.user(worker.worktree), world);
    const before = await town.git.worktrees.status(worker.worktree);
    const refused = await TAKERS[taker]?.(world, worker, bead.id).then(
      () => false,
      (error: unknown) => {
        expect(error).toMatchObject({ name: expect.stringMatching(/Refused|Usage/) as string });
        return true;
      },
    );
    if (refused === true) expect(await town.git.worktrees.status(worker.worktree)).toEqual(before);
    else expect(await keptFiles(world)).toContain(PRECIOUS);
  });
});

/** Contents of all files in every commit that the remote or a rescue ref holds. */
async function keptFiles({ town, filesOf }: World): Promise<readonly string[]> {
  const { bare } = town.rig.paths;
  const { heads } = await town.git.remotes.list(bare, 'origin');
  const refs = await town.git.objects.listRefs(bare, 'refs/gt/rescue/');
  const tips = [...heads.values(), ...refs.map((ref) => ref.sha)];
  const contents: string[] = [];
  for (const to of tips) {
    if ((await town.git.objects.resolve(bare, to)) === undefined) continue;
    for (const commit of await town.git.objects.log(bare, { to, limit: 50 })) {
      contents.push(...Object.values(filesOf(commit.sha)));
    }
  }
  return contents;
}

test('nuke says which bead is open again, and a second time that there is nothing to do', async () => {
  const { town } = await inMemory();
  const bead = await town.create();
  const worker = await town.dispatch(bead.id);
  const nuke = async () => {
    return town.clock.drive(
      nukePolecat(town.ctx, { rig: town.rig, worker: worker.name, what: 'nuke', force: true }),
    );
  };
  expect((await nuke()).released).toEqual([bead.id]);
  expect(await nuke()).toMatchObject({ steps: [], released: [] });
  await town.close();
});
