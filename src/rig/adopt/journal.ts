import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Fingerprint } from '../../beads/content/fingerprint.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';

/**
 * T/.gt-adopt/journal.json: how far an adoption is. `copying` = nothing of the town is changed yet; `changing` = the
 * backup is whole; `adopted` = it can still be taken back; `reverting` = the backup is being put back.
 */
export interface AdoptJournal {
  readonly phase: 'copying' | 'changing' | 'adopted' | 'reverting';
  /** `20260301-120000`: part of the names of what is set aside. */
  readonly stamp: string;
  /** Files that adopting may write, below the town's root; false = it was not there. */
  readonly files: Readonly<Record<string, boolean>>;
  /** What the ledger said; gone once it was compared. */
  readonly before?: Fingerprint;
}

const schema = z.object({
  phase: z.enum(['copying', 'changing', 'adopted', 'reverting']),
  stamp: z.string().check(z.regex(/^[\d-]+$/)),
  files: z.record(z.string(), z.boolean()),
  before: z.optional(
    z.object({
      kinds: z.record(z.string(), z.object({ rows: z.number(), sum: z.string() })),
      settings: z.record(z.string(), z.string()),
      heads: z.record(z.string(), z.string()),
    }),
  ),
});

export function adoptDir(root: string): string {
  return join(root, '.gt-adopt');
}

/** undefined = no adoption is under way or waits for its confirmation. UnreadableError `file.corrupt`. */
export async function readJournal(ctx: TownContext): Promise<AdoptJournal | undefined> {
  const doc = await readJsonFile(ctx.ports.files, journalFile(ctx));
  if (doc === undefined) return undefined;
  const { before, ...rest } = schema.parse(doc);
  return { ...rest, ...(before === undefined ? {} : { before }) };
}

export async function writeJournal(ctx: TownContext, journal: AdoptJournal): Promise<AdoptJournal> {
  await ctx.ports.files.makeDir(adoptDir(ctx.root), { mode: 0o700 });
  await ctx.ports.files.writeAtomic(journalFile(ctx), formatJson(journal), { mode: 0o600 });
  return journal;
}

function journalFile(ctx: TownContext): string {
  return join(adoptDir(ctx.root), 'journal.json');
}
