/**
 * Errors a person can act on. The class says who acts, `code` is stable and listed in docs/errors.md,
 * `hint` is the one next step. `src/cli/render-error.ts` is the only renderer.
 */
export interface ErrorFacts {
  /** Stable dotted code, e.g. `store.unavailable`. */
  readonly code: string;
  /** What failed and why, one line, no trailing full stop. */
  readonly message: string;
  /** One next step, usually `Run: gt …`. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export abstract class GtError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(facts: ErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = facts.code;
    this.hint = facts.hint;
  }
}

/** The caller typed something wrong: usage text may follow. */
export class UsageError extends GtError {}
/** Understood and declined, because doing it would lose work or contradict the state. */
export class RefusedError extends GtError {}
/** The named thing does not exist (looked, and it is not there). */
export class NotFoundError extends GtError {}
/** A service we need does not answer. */
export class UnavailableError extends GtError {}
/** We could not look, or what we read makes no sense: never to be taken for "is not there". */
export class UnreadableError extends GtError {}
/** A program, remote or disk outside gt failed. */
export class ExternalError extends GtError {}
/** A broken promise of our own code. */
export class BugError extends GtError {}

/** Ends exhaustive switches; reaching it is a bug. */
export function unreachable(value: never, where: string): never {
  throw new BugError({ code: 'bug.unreachable', message: `${where}: unexpected ${JSON.stringify(value)}` });
}

/** The message of anything thrown, one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
