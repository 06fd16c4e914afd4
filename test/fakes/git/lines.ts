/** A run of lines that differs: `[oldStart, oldEnd)` of the old text became `[newStart, newEnd)` of the new one. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** Lines with their line ends, so that a missing last one is a difference. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The differences by a longest common subsequence. */
export function diffLines(old: readonly string[], now: readonly string[]): readonly Hunk[] {
  const common = longestCommon(old, now);
  const hunks: Hunk[] = [];
  let [oldAt, newAt] = [0, 0];
  for (const [oldNext, newNext] of [...common, [old.length, now.length] as const]) {
    if (oldNext > oldAt || newNext > newAt) {
      hunks.push({ oldStart: oldAt, oldEnd: oldNext, newStart: newAt, newEnd: newNext });
    }
    [oldAt, newAt] = [oldNext + 1, newNext + 1];
  }
  return hunks;
}

/** Pairs of positions of equal lines, rising on both sides. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = lengths[i];
      if (row !== undefined)
        row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      pairs.push([i, j]);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return pairs;
}
