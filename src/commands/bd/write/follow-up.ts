import type { Bead, Ledger, LedgerTx } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { planFollowUp, runFollowUp } from '../../../formulas/molecule/after-step.ts';
import { openKitchen } from '../mol/kitchen.ts';

/** What closing a step of a molecule brings along: to be run in the transaction that closes it. */
export async function followUp(
  app: AppContext,
  input: CommandInput,
  { ledger, bead }: { readonly ledger: Ledger; readonly bead: Bead },
): Promise<(tx: LedgerTx) => Promise<void>> {
  const plan = await planFollowUp(ledger, await openKitchen(app, input), bead);
  const source = { clock: app.machine.clock, random: app.machine.random };
  return async (tx) => {
    const { made, ended } = await runFollowUp(tx, bead, { plan, source });
    if (made.length > 0) app.output.note(`Made ${made.join(', ')}`);
    if (ended.length > 0) app.output.note(`The loop is over; not needed any more: ${ended.join(', ')}`);
  };
}
