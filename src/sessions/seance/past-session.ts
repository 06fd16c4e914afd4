/** A conversation that an agent of the town had, from the events and the pane hosts' own accounts. */
export interface PastSession {
  /** The runtime's id of the conversation, else `<session>.<start>`: people type the beginning of it. */
  readonly id: string;
  /** Assignee id of the agent. */
  readonly agent: string;
  /** Name of its terminal session; '' when nobody wrote it down. */
  readonly session: string;
  /** Numbers of the starts that had this conversation, oldest first. */
  readonly spawns: readonly number[];
  readonly conversation: string | undefined;
  readonly bead: string | undefined;
  /** Name of the runtime record. */
  readonly runtime: string | undefined;
  /** Folder the agent worked in. */
  readonly cwd: string | undefined;
  /** File that the runtime said it writes the conversation into. */
  readonly transcript: string | undefined;
  /** Unix ms. */
  readonly started: number;
  readonly end: SessionEnd;
}

export type SessionEnd =
  | { readonly kind: 'running' }
  /** `at` (Unix ms) is undefined when nobody saw it end. */
  | { readonly kind: 'ended'; readonly at: number | undefined; readonly why: string };

/** Milliseconds from start to end, so far where it runs; undefined = nobody saw it end. */
export function lengthOf({ started, end }: PastSession, now: number): number | undefined {
  const until = end.kind === 'running' ? now : end.at;
  return until === undefined ? undefined : Math.max(0, until - started);
}
