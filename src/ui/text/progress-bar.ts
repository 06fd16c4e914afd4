const CELLS = 10;

/** `████░░░░░░`: full only when all is done, empty only when nothing is. */
export function progressBar(done: number, total: number): string {
  const share = total === 0 ? 0 : Math.floor((done / total) * CELLS);
  const filled = done > 0 ? Math.max(1, share) : 0;
  return '█'.repeat(filled) + '░'.repeat(CELLS - filled);
}
