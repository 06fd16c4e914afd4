import { mergeText } from './merge-text.ts';
import type { ObjectStore, Tree, TreeEntry } from './object-store.ts';

export type TreeMerge =
  | { readonly merged: true; readonly tree: Tree }
  | { readonly merged: false; readonly conflicts: readonly string[] };

/** Three-way merge path by path and line by line. Renames are not followed: they are a deletion and an addition. */
export function mergeTrees(store: ObjectStore, base: Tree, ours: Tree, theirs: Tree): TreeMerge {
  const merged = new Map<string, TreeEntry>();
  const conflicts: string[] = [];
  for (const path of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
    const result = mergeEntry(store, [base.get(path), ours.get(path), theirs.get(path)]);
    if (result === 'conflict') conflicts.push(path);
    else if (result !== undefined) merged.set(path, result);
  }
  conflicts.push(...foldersInTheWay(merged));
  return conflicts.length === 0
    ? { merged: true, tree: merged }
    : { merged: false, conflicts: [...new Set(conflicts)].sort() };
}

type Versions = readonly [TreeEntry | undefined, TreeEntry | undefined, TreeEntry | undefined];

function mergeEntry(store: ObjectStore, [base, ours, theirs]: Versions): TreeEntry | undefined | 'conflict' {
  if (same(ours, theirs) || same(base, theirs)) return ours;
  if (same(base, ours)) return theirs;
  // Changed here and deleted there, or added differently on both sides.
  if (base === undefined || ours === undefined || theirs === undefined) return 'conflict';
  const mode = ours.mode === base.mode ? theirs.mode : ours.mode;
  const isText = [base, ours, theirs].every((entry) => entry.mode.startsWith('100'));
  if (!isText) return 'conflict';
  const text = (entry: TreeEntry): string => store.blob(entry.blob).toString('latin1');
  const merged = mergeText(text(base), text(ours), text(theirs));
  return merged === undefined ? 'conflict' : { mode, blob: store.addBlob(Buffer.from(merged, 'latin1')) };
}

function same(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.blob === b?.blob && a?.mode === b?.mode;
}

/** A file on one side where the other has a folder. */
function foldersInTheWay(tree: Tree): readonly string[] {
  return [...tree.keys()].filter((path) => [...tree.keys()].some((other) => other.startsWith(`${path}/`)));
}
