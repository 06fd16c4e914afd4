import { WORKTREE_ONLY } from './edits.ts';
import { GUARDS } from './rules.ts';

export interface GuardLine {
  readonly name: string;
  /** What it blocks. */
  readonly summary: string;
}

/** Every guard there is, for `gt tap list`. */
export function listGuards(): readonly GuardLine[] {
  return [...GUARDS.map(({ name, summary }) => ({ name, summary })), WORKTREE_ONLY];
}

export function guardNames(): readonly string[] {
  return listGuards().map(({ name }) => name);
}
