import { diffLines, linesOf } from './lines.ts';
import type { Hunk } from './lines.ts';

interface Side {
  readonly lines: readonly string[];
  readonly hunks: readonly Hunk[];
}

/**
 * Three-way merge of one text; undefined = conflict. As in git, changes conflict also when they merely touch,
 * unless both sides changed the same lines to the same text.
 */
export function mergeText(base: string, ours: string, theirs: string): string | undefined {
  const old = linesOf(base);
  const left = sideOf(old, ours);
  const right = sideOf(old, theirs);
  const out: string[] = [];
  let at = 0;
  for (const group of groupsOf([...left.hunks, ...right.hunks])) {
    out.push(...old.slice(at, group.start));
    const merged = mergeGroup(old, group, [left, right]);
    if (merged === undefined) return undefined;
    out.push(...merged);
    at = group.end;
  }
  out.push(...old.slice(at));
  return out.join('');
}

function sideOf(old: readonly string[], text: string): Side {
  const lines = linesOf(text);
  return { lines, hunks: diffLines(old, lines) };
}

interface Group {
  start: number;
  end: number;
}

/** Ranges of the base in which changes touch each other. */
function groupsOf(hunks: readonly Hunk[]): readonly Group[] {
  const groups: Group[] = [];
  for (const { oldStart, oldEnd } of [...hunks].sort((a, b) => a.oldStart - b.oldStart)) {
    const last = groups.at(-1);
    if (last !== undefined && oldStart <= last.end) last.end = Math.max(last.end, oldEnd);
    else groups.push({ start: oldStart, end: oldEnd });
  }
  return groups;
}

function mergeGroup(
  old: readonly string[],
  group: Group,
  sides: readonly [Side, Side],
): readonly string[] | undefined {
  const [left, right] = sides.map((side) => versionOf(old, group, side));
  const base = old.slice(group.start, group.end);
  if (left === undefined || right === undefined) return undefined;
  if (same(left, right) || same(right, base)) return left;
  return same(left, base) ? right : undefined;
}

/** What a side made of that range of the base. */
function versionOf(old: readonly string[], group: Group, side: Side): readonly string[] {
  const out: string[] = [];
  let at = group.start;
  for (const hunk of side.hunks) {
    if (hunk.oldEnd < group.start || hunk.oldStart > group.end) continue;
    out.push(...old.slice(at, hunk.oldStart), ...side.lines.slice(hunk.newStart, hunk.newEnd));
    at = hunk.oldEnd;
  }
  return [...out, ...old.slice(at, group.end)];
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}
