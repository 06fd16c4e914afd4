import type { Bead, LedgerReads } from '../../../beads/types.ts';
import type { CommandReply } from '../../../cli/command.ts';
import { renderBeadTable, type BeadTableTexts } from '../../../ui/text/beads.ts';
import type { OnLedger } from '../handlers.ts';
import { listedJson, readListed } from '../views.ts';

interface ListTexts extends BeadTableTexts {
  /** How many are shown; undefined = all. */
  readonly limit?: number | undefined;
}

/** What was found as people and programs read it; what is beyond the limit is only warned of. */
export async function listReply(
  { app, input, home }: Pick<OnLedger, 'app' | 'input'> & { readonly home: LedgerReads },
  found: readonly Bead[],
  { limit, ...texts }: ListTexts,
): Promise<CommandReply> {
  const beads = found.slice(0, limit);
  return {
    data: input.json ? (await readListed(home, beads)).map(listedJson) : undefined,
    text: () => renderBeadTable(beads, app.output, texts),
    ...(found.length > beads.length ? { warnings: [`There are more than ${limit}; -n 0 shows all`] } : {}),
  };
}

/** One more than is shown tells whether there are more. */
export function oneMore(limit: number | undefined): { readonly limit?: number } {
  return limit === undefined ? {} : { limit: limit + 1 };
}
