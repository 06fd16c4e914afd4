/** A process that cannot be confused with a later one of the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /**
   * Opaque start mark (Linux: clock ticks since boot and a mark of that boot, so a number read back after a
   * reboot never fits; else the start time that `ps` prints).
   */
  readonly start: string;
}

export interface ProcessInfo extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
  /** Pid that leads its session; 0 where the system does not tell. */
  readonly session: number;
  /** Executable base name. */
  readonly name: string;
  readonly argv: readonly string[];
}

export interface RunSpec {
  /** Program and arguments; no shell is ever involved. */
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  /** The complete environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  /** The child gets our terminal (an editor, a pager): nothing is captured, limits do not apply. */
  readonly terminal?: true;
  /** TERM, then KILL of the whole process group after this; absent = no limit. */
  readonly timeoutMs?: number;
  /** Keep this many last bytes of each stream, default 4 MiB; what was cut shows in `truncated`. */
  readonly keepBytes?: number;
  /**
   * What happens to processes that the child leaves behind when it ends: `kill` those of its group; with `marked` also
   * those that went into groups and sessions of their own, which are known by that mark in their environment (a path:
   * `list` finds them below it). Default `leave`.
   */
  readonly leftovers?: 'leave' | 'kill' | { readonly marked: string };
  /** Called with output as it comes (both streams). */
  readonly onOutput?: (chunk: string) => void;
  readonly signal?: AbortSignal;
  /** Called once with the child's identity (its pid leads its own process group). */
  readonly onStart?: (child: ProcessIdentity) => void;
}

export type RunResult = {
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** The start of a stream was cut off (more than `keepBytes`). */
  readonly truncated?: boolean;
} & (
  | { readonly end: 'exit'; readonly code: number }
  | { readonly end: 'signal'; readonly signal: string }
  | { readonly end: 'timeout' }
  | { readonly end: 'aborted' }
  | { readonly end: 'not-started'; readonly why: string }
);

export interface DetachedSpec {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Both output streams are appended here. */
  readonly logFile: string;
}

/** Processes of this machine. All facts about other processes come through here. */
export interface Processes {
  /** Runs to the end and reports how it ended; never throws for the child's own failure. Output keeps its last 4 MiB. */
  run(spec: RunSpec): Promise<RunResult>;
  /** Starts a process that outlives us, in its own session. Throws ExternalError `process.not-started`. */
  startDetached(spec: DetachedSpec): Promise<ProcessIdentity>;
  /** The process now running as `pid`, or undefined. */
  identify(pid: number): Promise<ProcessIdentity | undefined>;
  isAlive(identity: ProcessIdentity): Promise<boolean>;
  /** Whether any process has this number now. One system call, no program: for looks every other second. */
  exists(pid: number): boolean;
  /**
   * All processes we may see; with `marked` those whose run was marked so, or with a path below it. Throws
   * UnreadableError `process.unreadable`.
   */
  list(marked?: string): Promise<readonly ProcessInfo[]>;
  /** Signals exactly that process; false when it is gone or the number now belongs to another. ExternalError `process.not-permitted`. */
  signal(
    identity: ProcessIdentity,
    signal: 'TERM' | 'KILL' | 'INT' | 'HUP' | 'STOP' | 'CONT',
  ): Promise<boolean>;
  /**
   * TERM to the process and its descendants (and its group and session when it leads one), after `graceMs` KILL; lists
   * who still lives. With `marked` also to what `list(marked)` finds.
   */
  stopTree(identity: ProcessIdentity, graceMs: number, marked?: string): Promise<readonly ProcessIdentity[]>;
  /** The pid that listens on a loopback TCP port: undefined = nobody; `pid` 0 = somebody we may not see. */
  listenerOf(port: number): Promise<{ readonly pid: number } | undefined>;
  /** Absolute path of a program on `path` (a PATH value), or undefined. */
  which(program: string, path: string): Promise<string | undefined>;
  /** This process. */
  self(): Promise<ProcessIdentity>;
}
