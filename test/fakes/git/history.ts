import type { Sha } from '../../../src/core/names.ts';
import type { ChangedPath } from '../../../src/ports/git.ts';
import { diffLines, linesOf } from './lines.ts';
import type { ObjectStore, Tree } from './object-store.ts';

/** All commits reachable from `tips`, these included. */
export function ancestorsOf(store: ObjectStore, tips: readonly Sha[]): ReadonlySet<Sha> {
  const seen = new Set<Sha>();
  const queue = [...tips];
  for (let sha = queue.pop(); sha !== undefined; sha = queue.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    queue.push(...store.commit(sha).parents);
  }
  return seen;
}

export function isAncestor(store: ObjectStore, commit: Sha, of: Sha): boolean {
  return ancestorsOf(store, [of]).has(commit);
}

/** Reachable from `to` and not from `exclude`: newest committer date first, as `git rev-list`. */
export function listCommits(
  store: ObjectStore,
  to: Sha | readonly Sha[],
  exclude: readonly Sha[],
): readonly Sha[] {
  const hidden = ancestorsOf(store, exclude);
  const shown = new Set([...ancestorsOf(store, [to].flat())].filter((sha) => !hidden.has(sha)));
  const children = new Map<Sha, number>();
  const parentsOf = (sha: Sha): readonly Sha[] => store.commit(sha).parents.filter((each) => shown.has(each));
  for (const sha of shown)
    for (const parent of parentsOf(sha)) children.set(parent, (children.get(parent) ?? 0) + 1);
  const out: Sha[] = [];
  const ready = [to].flat().filter((sha, index, all) => shown.has(sha) && all.indexOf(sha) === index);
  const queue = ready.filter((sha) => (children.get(sha) ?? 0) === 0);
  while (queue.length > 0) {
    // Children before their parents, else newest first; among equals the one that was found first.
    const at = (sha: Sha): number => store.commit(sha).committer.at;
    const next = queue.reduce((best, sha) => (at(sha) > at(best) ? sha : best));
    queue.splice(queue.indexOf(next), 1);
    out.push(next);
    for (const parent of parentsOf(next)) {
      const left = (children.get(parent) ?? 0) - 1;
      children.set(parent, left);
      if (left === 0) queue.push(parent);
    }
  }
  return out;
}

/** A best common ancestor: one that is not an ancestor of another common one. */
export function mergeBaseOf(store: ObjectStore, a: Sha, b: Sha): Sha | undefined {
  const ofB = ancestorsOf(store, [b]);
  const common = [...ancestorsOf(store, [a])].filter((sha) => ofB.has(sha));
  return common.find((sha) => !common.some((other) => other !== sha && isAncestor(store, sha, other)));
}

/** Paths that differ, sorted by bytes. */
export function changedPaths(from: Tree, to: Tree): readonly ChangedPath[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])];
  return paths
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .flatMap((path): readonly ChangedPath[] => {
      const [old, now] = [from.get(path), to.get(path)];
      if (old === undefined) return [{ path, change: 'A' }];
      if (now === undefined) return [{ path, change: 'D' }];
      if (old.blob === now.blob && old.mode === now.mode) return [];
      return [{ path, change: old.mode.slice(0, 2) === now.mode.slice(0, 2) ? 'M' : 'T' }];
    });
}

const CONTEXT = 3;

/** What a commit changes, without positions: equal for a commit and its rebased copy (`git patch-id`). */
export function patchOf(store: ObjectStore, sha: Sha): string {
  const [parent] = store.commit(sha).parents;
  const from: Tree = parent === undefined ? new Map() : store.treeOf(parent);
  const to = store.treeOf(sha);
  return JSON.stringify(
    changedPaths(from, to).map(({ path, change }) => [path, change, hunksOf(store, [from, to], path)]),
  );
}

function hunksOf(store: ObjectStore, trees: readonly [Tree, Tree], path: string): readonly unknown[] {
  const [old, now] = trees.map((tree) => {
    const entry = tree.get(path);
    return entry === undefined ? [] : linesOf(store.contentOf(entry).toString('latin1'));
  });
  if (old === undefined || now === undefined) return [];
  return diffLines(old, now).map(({ oldStart, oldEnd, newStart, newEnd }) => [
    old.slice(Math.max(0, oldStart - CONTEXT), oldStart),
    old.slice(oldStart, oldEnd),
    now.slice(newStart, newEnd),
    old.slice(oldEnd, oldEnd + CONTEXT),
  ]);
}
