import {
  BUILTIN_STATUSES,
  BUILTIN_TYPES,
  parseCustomStatuses,
  parseCustomTypes,
  UNREADY_TYPES,
} from '../../beads/words/kinds.ts';
import type { LedgerReads } from '../../beads/types.ts';
import { UsageError } from '../../core/errors.ts';
import { nearestOf } from '../../core/nearest.ts';

/** These words as statuses; the configuration is asked only about words that are not built in. Throws UsageError `bead.bad-status`. */
export async function knownStatuses(
  reads: LedgerReads,
  words: readonly string[],
): Promise<readonly string[]> {
  const wanted = words.map((word) => word.trim().toLowerCase());
  const strange = wanted.find((word) => !BUILTIN_STATUSES.has(word));
  if (strange === undefined) return wanted;
  const known = [
    ...BUILTIN_STATUSES,
    ...parseCustomStatuses((await reads.config()).get('status.custom') ?? '').keys(),
  ];
  return checked(wanted, known, { code: 'bead.bad-status', noun: 'status' });
}

/** The same for types, stored form. Throws UsageError `bead.bad-type`. */
export async function knownTypes(reads: LedgerReads, types: readonly string[]): Promise<readonly string[]> {
  const builtin = new Set([...BUILTIN_TYPES, ...UNREADY_TYPES]);
  const strange = types.filter((type) => !builtin.has(type));
  // Rows of other writers may have types that nobody configured.
  if (strange.length === 0 || (await reads.count({ type: strange, includeTemplates: true })) > 0)
    return types;
  const custom = parseCustomTypes((await reads.config()).get('types.custom') ?? '');
  return checked(types, [...builtin, ...custom], { code: 'bead.bad-type', noun: 'issue type' });
}

function checked(
  wanted: readonly string[],
  known: readonly string[],
  { code, noun }: { readonly code: string; readonly noun: string },
): readonly string[] {
  const bad = wanted.find((word) => !known.includes(word));
  if (bad === undefined) return wanted;
  const near = nearestOf(bad, known);
  throw new UsageError({
    code,
    message: `invalid ${noun} ${JSON.stringify(bad.slice(0, 40))}${near === undefined ? '' : `: did you mean ${near}?`}`,
    hint: `Known: ${[...new Set(known)].join(', ')}`,
  });
}
