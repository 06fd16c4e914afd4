/** The files of one session's host. */
export interface PaneFiles {
  readonly start: string;
  readonly state: string;
  readonly socket: string;
}

/** Where a host leaves the last screen of an ended agent. */
export function lastScreenFile(stateFile: string): string {
  return stateFile.replace(/\.state\.json$/, '.last.txt');
}
