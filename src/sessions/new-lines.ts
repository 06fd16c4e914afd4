/**
 * The lines of a screen that were not on the one before, wherever the others have moved to: what scrolled up or was
 * drawn again below (a prompt, a footer) is not new. Programs that draw over a line make that line new. Empty lines at
 * the end are not there yet.
 */
export function newLines(before: string | undefined, now: string): readonly string[] {
  const lines = now.trimEnd().split('\n');
  if (before === undefined) return lines;
  const old = before.trimEnd().split('\n');
  // What left at the top is the start of the old screen: the rest is compared where it is the same at both ends.
  const head = countSame(old, lines, (index) => index);
  const tail = countSame(old.slice(head), lines.slice(head), (index, length) => length - 1 - index);
  return insertions(old.slice(head, old.length - tail), lines.slice(head, lines.length - tail));
}

/** How many lines agree, counted from one end. */
function countSame(
  left: readonly string[],
  right: readonly string[],
  at: (index: number, length: number) => number,
): number {
  let count = 0;
  while (
    count < Math.min(left.length, right.length) &&
    left[at(count, left.length)] === right[at(count, right.length)]
  )
    count += 1;
  return count;
}

/** Cells of the table below; screens are small, a scroll-back of thousands of lines is not. */
const MOST_CELLS = 4_000_000;

/** What must be put into `old` to make `now` of it: everything outside their longest common subsequence. */
function insertions(old: readonly string[], now: readonly string[]): readonly string[] {
  if (old.length === 0 || old.length * now.length > MOST_CELLS) return now;
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const cell = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      const same = old[row] === now[column];
      const best = same
        ? cell(row + 1, column + 1) + 1
        : Math.max(cell(row + 1, column), cell(row, column + 1));
      common[row * width + column] = best;
    }
  }
  const added: string[] = [];
  for (let row = 0, column = 0; column < now.length;) {
    if (row < old.length && old[row] === now[column]) {
      row += 1;
      column += 1;
    } else if (row < old.length && cell(row + 1, column) >= cell(row, column + 1)) row += 1;
    else added.push(now[column++] ?? '');
  }
  return added;
}
