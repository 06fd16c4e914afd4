/** Who wants to run something, and where. Everything that is not known loosens a guard, never tightens it. */
export interface GuardFacts {
  /** `polecat`, `crew`, `mayor` …; undefined outside an agent. */
  readonly role: string | undefined;
  /** The branch of a polecat's work. */
  readonly branch: string | undefined;
  /** A polecat's worktree, links resolved. */
  readonly worktree: string | undefined;
  /** Root of the town, links resolved. */
  readonly town: string | undefined;
  /** Folder in which the command would run. */
  readonly cwd: string | undefined;
  readonly home: string | undefined;
  /** More folders for temporary files: TMPDIR, the runtime's own. */
  readonly scratch: readonly string[];
}
