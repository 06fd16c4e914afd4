import type { TownContext } from '../../beads/context.ts';
import type { Sha } from '../../core/names.ts';
import type { GitCommit } from '../../ports/git.ts';
import type { Rig } from '../../rig/registry.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import { hasLanded } from '../../hooks/branch-proof.ts';
import { readBranches } from '../branches/facts.ts';

/** Work that nobody holds any more and that has not landed. */
export interface Orphan {
  readonly rig: string;
  /** A branch that gt made and nobody needs; or a commit that nothing names any more. */
  readonly kind: 'branch' | 'commit';
  readonly branch: string | undefined;
  readonly commit: Sha;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
  readonly subject: string;
  /** Commits that the target branch does not have; at most 1,000 are counted. */
  readonly ahead: number;
  /** Where else its commits are: on the remote, in a rescue ref; '' = nowhere. */
  readonly kept: string;
}

export interface OrphanScope {
  /** Unix ms: older ones are left out. */
  readonly since: number | undefined;
}

const MOST = 1000;

/** Orphans of one rig, newest first. Looks through the whole repository, so it is for people to ask for. */
export async function readOrphans(
  ctx: TownContext,
  rig: Rig,
  { since }: OrphanScope,
): Promise<readonly Orphan[]> {
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch });
  const found = [...(await lostBranches(ctx, rig)), ...(await lostCommits(ctx, rig, base))];
  const { objects } = ctx.ports.git;
  const orphans: Orphan[] = [];
  for (const { commit, branch, kept } of found) {
    const facts = await objects.commit(rig.paths.bare, commit);
    if (since !== undefined && facts.committer.at * 1000 < since) continue;
    const ahead = (await objects.log(rig.paths.bare, { from: base, to: commit, limit: MOST })).length;
    orphans.push(orphanOf(rig, facts, { branch, kept, ahead }));
  }
  return orphans.toSorted((a, b) => (a.at < b.at ? 1 : -1));
}

interface Found {
  readonly commit: Sha;
  readonly branch: string | undefined;
  readonly kept: string;
}

async function lostBranches(ctx: TownContext, rig: Rig): Promise<readonly Found[]> {
  const branches = await readBranches(ctx, rig, 'gc');
  return branches
    .filter(({ neededBy, proof }) => neededBy === undefined && proof?.by !== 'landed')
    .map(({ name, tip, proof }) => ({ commit: tip, branch: name, kept: proof?.by ?? '' }));
}

/** Not those that the merge queue builds and throws away, nor what has landed under another id. */
async function lostCommits(ctx: TownContext, rig: Rig, target: Sha): Promise<readonly Found[]> {
  const { objects, snapshots } = ctx.ports.git;
  const found: Found[] = [];
  for (const commit of await snapshots.lost(rig.paths.bare)) {
    const { committer, author } = await objects.commit(rig.paths.bare, commit);
    const isScratch = committer.name === `${rig.name}/refinery` || author.at === 0;
    if (isScratch || (await hasLanded(ctx, rig, { tip: commit, target }))) continue;
    found.push({ commit, branch: undefined, kept: '' });
  }
  return found;
}

function orphanOf(
  rig: Rig,
  { sha, author, committer, message }: GitCommit,
  { branch, kept, ahead }: Pick<Orphan, 'branch' | 'kept' | 'ahead'>,
): Orphan {
  return {
    rig: rig.name,
    kind: branch === undefined ? 'commit' : 'branch',
    branch,
    commit: sha,
    author: author.name,
    at: new Date(committer.at * 1000).toISOString(),
    subject: message.split('\n', 1)[0] ?? '',
    ahead,
    kept,
  };
}
