import type { Ledger, LedgerTx } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { readActor } from './author.ts';
import type { BdHome } from './open.ts';

/** One write of a command: a transaction on one database by the command's actor. */
export type Write = <T>(ledger: Ledger, message: string, work: (tx: LedgerTx) => Promise<T>) => Promise<T>;

/**
 * What a writing command writes with. Throws RefusedError `beads.readonly` under --readonly.
 * On a Dolt server without a town nobody else makes version commits, so each write makes its own.
 */
export async function openWrite(app: AppContext, input: CommandInput, home: BdHome): Promise<Write> {
  if (input.bool('readonly')) {
    throw new RefusedError({
      code: 'beads.readonly',
      message: 'this command writes, and --readonly was given',
    });
  }
  const actor = await readActor(app, input, home);
  return async (ledger, message, work) => {
    const result = await ledger.transaction(actor, work);
    if (home.town === undefined) await home.store.commitVersion(ledger.database, `bd: ${message}`);
    return result;
  };
}
