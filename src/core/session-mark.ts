import { join } from 'node:path';

/** What everything carries that one start of an agent has put into the world (`marked` of Processes). */
export function sessionMark(
  /** Where the town keeps the files of its panes. */
  panesDir: string,
  { session, spawn }: { readonly session: string; readonly spawn: number },
): string {
  return join(panesDir, session, String(spawn));
}
