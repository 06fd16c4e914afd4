import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pruneBranches } from '../../../src/hooks/prune-branches.ts';
import { dropOrphans } from '../../../src/polecat/orphans/drop.ts';
import { readOrphans } from '../../../src/polecat/orphans/read.ts';
import type { Sha } from '../../../src/core/names.ts';
import { makeWorkTown } from './town.ts';
import type { WorkTown } from './town.ts';

let town: WorkTown;
beforeEach(async () => {
  town = await makeWorkTown();
});
afterEach(() => town.close());

const ALL = { since: undefined };
const orphans = () => readOrphans(town.ctx, town.rig, ALL);

/** A commit in the rig's repository that the remote does not have. */
async function commit(message: string, committer = 'nux'): Promise<Sha> {
  const { objects } = town.git;
  const bare = town.rig.paths.bare;
  const base = town.remote.head('main') as Sha;
  // Another tree than the base's, so that it is work of its own.
  const other = town.remote.commit(`side-${message}`, { [`${message}.txt`]: 'x\n' }, message);
  await town.git.remotes.fetch(bare, 'origin', [`side-${message}`]);
  const { tree } = await objects.commit(bare, other);
  const who = { name: committer, email: 'n@e.x', at: Math.floor(town.clock.now() / 1000) };
  return objects.commitTree(bare, { tree, parents: [base], message, author: who, committer: who });
}

async function branch(name: string, at: Sha): Promise<void> {
  await town.git.objects.updateRef(town.rig.paths.bare, `refs/heads/${name}`, { to: at, from: undefined });
}

describe('gt orphans', () => {
  it('finds branches that nobody needs and commits without a name, and says where they are kept', async () => {
    const lost = await commit('lost');
    await town.clock.advance(2000);
    const left = await commit('left');
    await branch('polecat/nux/pj-1@abc', left);
    expect(await orphans()).toMatchObject([
      { kind: 'branch', branch: 'polecat/nux/pj-1@abc', commit: left, subject: 'left', ahead: 1, kept: '' },
      { kind: 'commit', branch: undefined, commit: lost, subject: 'lost', kept: '' },
    ]);
  });

  it('leaves out what somebody works on, what has landed, and what the merge queue makes and throws away', async () => {
    const bead = await town.create({ title: 'In work' });
    await town.dispatch(bead.id);
    await branch('polecat/old/pj-2@abc', town.remote.head('main') as Sha);
    await commit('candidate', 'proj/refinery');
    expect((await orphans()).filter(({ kind }) => kind === 'branch')).toEqual([]);
    expect((await orphans()).filter(({ subject }) => subject === 'candidate')).toEqual([]);
  });

  it('P2: kill deletes such a branch and keeps its commits in a rescue ref that it names', async () => {
    const left = await commit('left');
    await branch('polecat/nux/pj-1@abc', left);
    const [dropped] = await dropOrphans(town.ctx, town.rig, await orphans());
    expect(dropped).toMatchObject({ stays: false, ref: expect.stringContaining('refs/gt/rescue/proj/nux/') });
    const bare = town.rig.paths.bare;
    expect(await town.git.objects.resolve(bare, 'refs/heads/polecat/nux/pj-1@abc')).toBeUndefined();
    expect(
      await town.git.objects.mergeBase(
        bare,
        left,
        (await town.git.objects.resolve(bare, dropped?.ref ?? '')) as Sha,
      ),
    ).toBe(left);
    expect(await orphans()).toEqual([]);
  });
});

describe('gt prune-branches', () => {
  const prune = (dryRun = false) =>
    pruneBranches(town.ctx, town.rig.paths.bare, { pattern: 'polecat/*', dryRun });

  it('P2: deletes what the remote holds, and keeps what is nowhere else or checked out', async () => {
    const left = await commit('left');
    await branch('polecat/a/landed', town.remote.head('main') as Sha);
    await branch('polecat/b/only-here', left);
    await branch('other/landed', town.remote.head('main') as Sha);
    const bead = await town.create({ title: 'In work' });
    const worker = await town.dispatch(bead.id);
    expect((await prune(true)).deleted.map((each) => each.branch)).toEqual(['polecat/a/landed']);
    const { deleted, kept } = await prune();
    expect(deleted).toMatchObject([{ branch: 'polecat/a/landed', because: 'landed' }]);
    expect(kept.map((each) => [each.branch, each.because])).toEqual(
      expect.arrayContaining([
        ['polecat/b/only-here', 'it has commits that the remote does not hold'],
        [worker.branch, 'it is checked out'],
      ]),
    );
    expect(await town.git.objects.resolve(town.rig.paths.bare, 'refs/heads/other/landed')).toBeDefined();
    expect((await prune()).deleted).toEqual([]);
  });
});
