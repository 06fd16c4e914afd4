import { resolve } from 'node:path';
import { WORKTREE_ONLY, refuseEdit } from './edits.ts';
import type { GuardFacts } from './facts.ts';
import type { ToolUse } from './payload.ts';
import { GUARDS } from './rules.ts';
import { simpleCommands } from './shell.ts';

export type GuardVerdict =
  | { readonly allow: true }
  /** `reason` is shown to the agent. */
  | { readonly allow: false; readonly guard: string; readonly reason: string };

export interface GuardRequest {
  /** `all` or the name of one guard. */
  readonly guard: string;
  readonly use: ToolUse;
  readonly facts: GuardFacts;
}

const ALLOW: GuardVerdict = { allow: true };

/** May this tool be used so? What cannot be told is allowed: a guard must never stop all of an agent's tools. Pure. */
export function decideGuard({ guard, use, facts }: GuardRequest): GuardVerdict {
  switch (use.kind) {
    case 'command':
      return decideCommand(guard, use.command, { ...facts, cwd: use.cwd ?? facts.cwd });
    case 'edit': {
      const reason =
        guard === 'all' || guard === WORKTREE_ONLY.name ? refuseEdit(use.path, facts) : undefined;
      return reason === undefined ? ALLOW : { allow: false, guard: WORKTREE_ONLY.name, reason };
    }
    case 'other':
      return ALLOW;
  }
}

function decideCommand(name: string, command: string, given: GuardFacts): GuardVerdict {
  const guards = GUARDS.filter((guard) => name === 'all' || guard.name === name);
  let facts = given;
  for (const words of simpleCommands(command)) {
    for (const guard of guards) {
      const reason = guard.refuse(words, facts);
      if (reason !== undefined) return { allow: false, guard: guard.name, reason };
    }
    facts = { ...facts, cwd: folderAfter(words, facts.cwd) };
  }
  return ALLOW;
}

/** A folder that cannot be told is no longer known: then only absolute paths are judged. */
function folderAfter(words: readonly string[], cwd: string | undefined): string | undefined {
  if (words[0] !== 'cd' && words[0] !== 'pushd') return cwd;
  const to = words.slice(1).find((word) => !word.startsWith('-'));
  return to === undefined || cwd === undefined || /[$~*]/.test(to) ? undefined : resolve(cwd, to);
}
