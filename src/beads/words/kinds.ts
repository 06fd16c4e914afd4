import { UsageError } from '../../core/errors.ts';

/** The words the ledger knows without configuration (spec 02 §3). */
export const BUILTIN_TYPES: ReadonlySet<string> = new Set([
  'bug',
  'feature',
  'task',
  'epic',
  'chore',
  'decision',
  'message',
  'molecule',
  'gate',
  'spike',
  'story',
  'milestone',
  'event',
]);

export const BUILTIN_STATUSES: ReadonlySet<string> = new Set([
  'open',
  'in_progress',
  'blocked',
  'deferred',
  'closed',
  'pinned',
  'hooked',
]);

const TYPE_ALIASES: Readonly<Record<string, string>> = {
  enhancement: 'feature',
  feat: 'feature',
  dec: 'decision',
  adr: 'decision',
  investigation: 'spike',
  timebox: 'spike',
  'user-story': 'story',
  ms: 'milestone',
  mr: 'merge-request',
  mol: 'molecule',
};

/** Edge types that hold their `from` back. */
export const BLOCKING_EDGES: ReadonlySet<string> = new Set(['blocks', 'conditional-blocks', 'waits-for']);

/** Types that `ready` leaves out unless asked for by name. */
export const UNREADY_TYPES: readonly string[] = [
  'merge-request',
  'gate',
  'molecule',
  'message',
  'agent',
  'role',
  'rig',
];

/** Closed and pinned beads hold nobody back. */
export function isDone(status: string): boolean {
  return status === 'closed' || status === 'pinned';
}

export function canonicalType(text: string): string {
  const word = text.trim().toLowerCase();
  return TYPE_ALIASES[word] ?? word;
}

/** `P0`…`P4` or a digit. Throws UsageError `bead.bad-priority`. */
export function parsePriority(text: string): number {
  const digit = /^[Pp]?([0-4])$/.exec(text.trim())?.[1];
  if (digit === undefined) {
    throw new UsageError({
      code: 'bead.bad-priority',
      message: `invalid priority ${JSON.stringify(text.slice(0, 40))} (expected 0-4 or P0-P4, not words like high/medium/low)`,
    });
  }
  return Number(digit);
}

/** Names and categories of `status.custom`: `name:category,name`. Malformed parts are left out. */
export function parseCustomStatuses(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of text.split(',')) {
    const match = /^\s*([a-z][a-z0-9_-]*)\s*(?::\s*([a-z]+)\s*)?$/.exec(part);
    if (match?.[1] !== undefined) found.set(match[1], match[2] ?? 'unspecified');
  }
  return found;
}

/** Names of `types.custom`: `agent,role`. */
export function parseCustomTypes(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part.length <= 64);
}
