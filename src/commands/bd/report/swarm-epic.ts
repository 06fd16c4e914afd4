import { locateBead, type LocatedBead } from '../../../beads/locate.ts';
import { epicOf } from '../../../beads/graphs/swarm.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import type { BdHome } from '../open.ts';

/** The epic that is named, or whose swarm is. Throws UsageError `beads.no-epic` for any other bead. */
export async function locateEpic({ ledgers, home }: BdHome, input: CommandInput): Promise<LocatedBead> {
  const { ledger, bead } = await locateBead(ledgers, home, input.arg('bead'));
  const epic = await epicOf(ledger, bead);
  if (epic !== undefined && (epic.type === 'epic' || epic.type === 'molecule')) return { ledger, bead: epic };
  throw new UsageError({
    code: 'beads.no-epic',
    message: `${bead.id} is a ${bead.type}, not an epic or molecule`,
    hint: 'Run: bd epic status',
  });
}
