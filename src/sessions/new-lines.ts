/**
 * The lines of a screen that were not on the one before: what follows its last lines, wherever they have scrolled
 * to. Programs that draw over lines make those lines new. Empty lines at the end are not there yet.
 */
export function newLines(before: string | undefined, now: string): readonly string[] {
  const lines = now.trimEnd().split('\n');
  if (before === undefined) return lines;
  const old = before.trimEnd().split('\n');
  for (let kept = Math.min(old.length, lines.length); kept > 0; kept -= 1) {
    const tail = old.slice(old.length - kept);
    if (tail.every((line, index) => line === lines[index])) return lines.slice(kept);
  }
  return lines.filter((line, index) => line !== old[index]);
}
