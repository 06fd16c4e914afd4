import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha } from '../../core/names.ts';
import type { RestorePlace, SnapshotContents } from '../../ports/git.ts';
import { gitDirOf } from './git-dir.ts';
import { contentsOf } from './legend.ts';
import { fetchObject } from './nested.ts';
import { readCommit, resolveCommit } from './objects.ts';
import { parseStage } from './conflict-stages.ts';
import { bytesUnder, unquotePath } from './quoted.ts';
import { writeRaw } from './raw-files.ts';
import { restoreOperation } from './restore-operation.ts';
import type { GitRunner } from './run.ts';
import type { IndexChange } from './scratch-index.ts';
import { storeStashes } from './stashes.ts';
import { isSubmoduleThere, updateSubmodules } from './submodules.ts';
import { emptyTree, treeDiff } from './trees.ts';

/** A new worktree with everything a snapshot holds. @returns what could not come back as it was */
export async function restoreSnapshot(
  git: GitRunner,
  repo: string,
  { snapshot, to }: { readonly snapshot: Sha; readonly to: RestorePlace },
): Promise<readonly string[]> {
  const contents = contentsOf(await readCommit(git, repo, snapshot));
  await git.output(repo, ['worktree', 'add', '--quiet', '--detach', to.path, contents.head ?? snapshot]);
  await updateSubmodules(git, to.path);
  const own = new Set(to.submodules.map((module) => module.path));
  const notes = [...(await fill(git, to.path, { snapshot, contents, own }))];
  for (const module of to.submodules) notes.push(...(await restoreSubmodule(git, to.path, module)));
  return notes;
}

interface Filling {
  readonly snapshot: Sha;
  readonly contents: SnapshotContents;
  /** Submodules that come back by snapshots of their own. */
  readonly own?: ReadonlySet<string>;
}

/** Puts everything of a snapshot into a fresh worktree that is at its HEAD. */
async function fill(git: GitRunner, path: string, filling: Filling): Promise<readonly string[]> {
  const { snapshot, contents, own = new Set() } = filling;
  const gitDir = await gitDirOf(git, path);
  const base = contents.head ?? (await emptyTree(git, path));
  const notes = [...(await putFiles(git, path, { base, snapshot, own, gitDir }))];
  for (const clone of contents.clones) notes.push(...(await putClone(git, path, clone)));
  if (contents.index !== undefined) await putIndex(git, path, { base, index: contents.index });
  if (contents.operation !== undefined)
    notes.push(...(await restoreOperation(git, path, { gitDir, ...contents.operation })));
  await storeStashes(git, path, contents.stashes);
  for (const [at, branch] of contents.branches.entries()) {
    await putBranch(git, path, { name: branch.name ?? `rescued/${at + 1}`, commit: branch.commit });
  }
  // Only the time stamps: content that differs makes it fail, which is how it should be.
  await git.ask({ repo: path, args: ['update-index', '-q', '--refresh'] });
  return notes;
}

interface Files {
  readonly base: Sha;
  readonly snapshot: Sha;
  readonly own: ReadonlySet<string>;
  readonly gitDir: string;
}

async function putFiles(
  git: GitRunner,
  path: string,
  { base, snapshot, own, gitDir }: Files,
): Promise<readonly string[]> {
  const changes = await treeDiff(git, path, { from: base, to: snapshot });
  const gone = changes.filter(({ entry }) => entry === undefined);
  for (const change of gone) await rm(bytesUnder(path, change.path), { recursive: true, force: true });
  const files = changes.filter(({ entry }) => entry !== undefined && entry.mode !== '160000');
  await writeRaw(git, path, { from: snapshot, paths: files.map((file) => file.path), to: path, gitDir });
  const notes: string[] = [];
  for (const change of changes) {
    if (change.entry?.mode === '160000' && !own.has(change.path))
      notes.push(...(await moveSubmodule(git, path, change)));
  }
  return notes;
}

/** A submodule that was at a commit other than HEAD's; one of nowhere else comes by its own snapshot. */
async function moveSubmodule(git: GitRunner, path: string, change: IndexChange): Promise<readonly string[]> {
  const sha = change.entry?.sha ?? '';
  const inner = Buffer.from(bytesUnder(path, change.path)).toString('utf8');
  if ((await isSubmoduleThere(inner)) && (await moved(git, inner, sha))) return [];
  return [`submodule ${change.path} was at ${sha.slice(0, 12)}`];
}

async function moved(git: GitRunner, inner: string, sha: string): Promise<boolean> {
  if ((await resolveCommit(git, inner, sha)) === undefined) {
    await git.ask({ repo: inner, args: ['fetch', '--quiet', '--no-write-fetch-head', 'origin', sha] });
  }
  const { code } = await git.ask({ repo: inner, args: ['checkout', '--quiet', '--detach', sha, '--'] });
  return code === 0;
}

/** Changes the index in place: marks of a sparse checkout stay. */
async function putIndex(
  git: GitRunner,
  path: string,
  { base, index }: { readonly base: Sha; readonly index: Sha },
): Promise<void> {
  const changes = await treeDiff(git, path, { from: base, to: index });
  // Removals first: that of a path in conflict would take its stages away again.
  const ordered = changes.toSorted(
    (left, right) => Number(left.entry !== undefined) - Number(right.entry !== undefined),
  );
  const lines = ordered.map(({ path: name, entry }) => {
    if (entry === undefined) return `0 ${'0'.repeat(base.length)}\t${name}\n`;
    const conflict = parseStage(name);
    return conflict === undefined
      ? `${entry.mode} ${entry.sha}\t${name}\n`
      : `${entry.mode} ${entry.sha} ${conflict.stage}\t${conflict.path}\n`;
  });
  await git.output(path, ['update-index', '--add', '--replace', '--index-info'], { input: lines.join('') });
}

async function putClone(
  git: GitRunner,
  outer: string,
  clone: SnapshotContents['clones'][number],
): Promise<readonly string[]> {
  const inner = join(outer, unquotePath(clone.path).toString('utf8'));
  await git.output(undefined, ['init', '--quiet', inner]);
  await fetchObject(git, inner, { from: outer, sha: clone.commit });
  const contents = contentsOf(await readCommit(git, inner, clone.commit));
  if (contents.head !== undefined) {
    await git.output(inner, ['update-ref', '--no-deref', 'HEAD', contents.head]);
    await git.output(inner, ['read-tree', contents.head]);
  }
  const notes = await fill(git, inner, { snapshot: clone.commit, contents });
  return contents.head === undefined
    ? [...notes, `the clone in ${clone.path} came back without the history that was published`]
    : notes;
}

async function restoreSubmodule(
  git: GitRunner,
  outer: string,
  module: RestorePlace['submodules'][number],
): Promise<readonly string[]> {
  const inner = join(outer, module.path);
  if (!(await isSubmoduleThere(inner))) await git.output(undefined, ['init', '--quiet', inner]);
  await fetchObject(git, inner, { from: outer, sha: module.commit });
  const contents = contentsOf(await readCommit(git, inner, module.commit));
  if (contents.head !== undefined)
    await git.output(inner, ['checkout', '--quiet', '--force', '--detach', contents.head, '--']);
  return fill(git, inner, { snapshot: module.commit, contents });
}

async function putBranch(
  git: GitRunner,
  path: string,
  branch: { readonly name: string; readonly commit: Sha },
): Promise<void> {
  for (const name of [branch.name, `rescued/${branch.name}`, `rescued/${branch.commit.slice(0, 12)}`]) {
    const there = await resolveCommit(git, path, `refs/heads/${name}`);
    if (there === branch.commit) return;
    if (there !== undefined) continue;
    await git.output(path, [
      'update-ref',
      `refs/heads/${name}`,
      branch.commit,
      '0'.repeat(branch.commit.length),
    ]);
    return;
  }
}
