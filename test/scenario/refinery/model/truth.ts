import type { Sha } from '../../../../src/core/names.ts';
import type { GitCommit } from '../../../../src/ports/git.ts';
import { mergeText } from '../../../fakes/git/merge-text.ts';

/** Files of a commit by path. */
export type Files = Readonly<Record<string, string>>;

/** All objects there ever were; reading them changes nothing. */
export interface Objects {
  filesOf(commit: Sha): Files;
  commitOf(commit: Sha): GitCommit;
  all(): Iterable<Sha>;
}

export type GateName = 'unit' | 'style';

/** How a gate ends on these files, flakes and sick machines apart. */
export type Verdict = 'pass' | 'fail' | 'hang' | 'dirty';

export function verdictOf(gate: string, files: Files): Verdict {
  const words = new Set(Object.values(files).flatMap((text) => text.match(/[A-Z]{3,}/g) ?? []));
  if (gate === 'style') return words.has('UGLY') ? 'fail' : 'pass';
  if (words.has('BAD') || (words.has('HALFA') && words.has('HALFB'))) return 'fail';
  if (words.has('HANGS')) return 'hang';
  return words.has('DIRTIES') ? 'dirty' : 'pass';
}

export function isGreen(gates: readonly string[], files: Files): boolean {
  return gates.every((gate) => verdictOf(gate, files) === 'pass');
}

/** Three-way merge, renames not followed; undefined = conflict. */
export function mergeFiles(base: Files, ours: Files, theirs: Files): Files | undefined {
  const merged: Record<string, string> = {};
  for (const path of new Set([base, ours, theirs].flatMap((files) => Object.keys(files)))) {
    const text = mergeFile(base[path], ours[path], theirs[path]);
    if (text === 'conflict') return undefined;
    if (text !== undefined) merged[path] = text.is;
  }
  return merged;
}

/** Boxed, so that no file's text can be taken for a conflict. */
function mergeFile(
  base: string | undefined,
  ours: string | undefined,
  theirs: string | undefined,
): { readonly is: string } | undefined | 'conflict' {
  const box = (text: string | undefined) => (text === undefined ? undefined : { is: text });
  if (ours === theirs || base === theirs) return box(ours);
  if (base === ours) return box(theirs);
  const isText = [base, ours, theirs].every((text) => text?.startsWith('Subproject commit ') === false);
  if (!isText) return 'conflict';
  return box(mergeText(base ?? '', ours ?? '', theirs ?? '')) ?? 'conflict';
}

export function sameFiles(left: Files, right: Files): boolean {
  const paths = Object.keys(left);
  return paths.length === Object.keys(right).length && paths.every((path) => left[path] === right[path]);
}

export function changedPaths(from: Files, to: Files): readonly string[] {
  const paths = new Set([...Object.keys(from), ...Object.keys(to)]);
  return [...paths].filter((path) => from[path] !== to[path]);
}

/** The commit and everything below it. */
export function ancestry(objects: Objects, tip: Sha): ReadonlySet<Sha> {
  const seen = new Set<Sha>();
  const next = [tip];
  for (let sha = next.pop(); sha !== undefined; sha = next.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    next.push(...objects.commitOf(sha).parents);
  }
  return seen;
}

/** First parents from `tip` down to `end` (left out), newest first; undefined when it is not on the way. */
export function firstParents(objects: Objects, tip: Sha, end: Sha): readonly GitCommit[] | undefined {
  const found: GitCommit[] = [];
  let at: Sha | undefined = tip;
  while (at !== undefined && at !== end) {
    const commit = objects.commitOf(at);
    found.push(commit);
    at = commit.parents[0];
  }
  return at === end ? found : undefined;
}

/** Who a commit says it lands; undefined for foreign ones. */
export function markOf(commit: GitCommit): { readonly mr: string; readonly head: Sha } | undefined {
  const line = (key: string): string | undefined =>
    new RegExp(`^${key}: (\\S+)$`, 'm').exec(commit.message)?.[1];
  const [mr, head] = [line('Gt-MR'), line('Gt-Head')];
  return mr === undefined || head === undefined ? undefined : { mr, head: head as Sha };
}

/** Heads that landed in the first-parent history of `tip`. */
export function landedHeads(objects: Objects, tip: Sha): ReadonlySet<Sha> {
  const heads = new Set<Sha>();
  for (let at: Sha | undefined = tip; at !== undefined; at = objects.commitOf(at).parents[0]) {
    const mark = markOf(objects.commitOf(at));
    if (mark !== undefined) heads.add(mark.head);
  }
  return heads;
}

/**
 * The commit from which a head's own change counts: the newest one below it that has landed under another name, else
 * where its history left the target's.
 */
export function startOf(objects: Objects, head: Sha, onto: Sha): Sha | undefined {
  const target = ancestry(objects, onto);
  const landed = landedHeads(objects, onto);
  for (let at: Sha | undefined = head; at !== undefined; at = objects.commitOf(at).parents[0]) {
    if (target.has(at) || (at !== head && landed.has(at))) return at;
  }
  return undefined;
}

/** What the target holds once `head` has landed on `onto`; undefined = conflict. */
export function landing(objects: Objects, head: Sha, onto: Sha): Files | undefined {
  const start = startOf(objects, head, onto);
  if (start === undefined) return undefined;
  return mergeFiles(objects.filesOf(start), objects.filesOf(onto), objects.filesOf(head));
}
