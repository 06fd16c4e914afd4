import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import { formatVars } from '../../beads/forms/sling-context.ts';
import { DISPATCH_KEY, dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { burnAttached } from '../../formulas/molecule/attach.ts';
import type { PlacedAgent } from './facts.ts';

export interface ReleaseWrite {
  /** As it was when the release was decided: the guard of the write. */
  readonly bead: Bead;
  /** For the bead's comment. */
  readonly why: string;
  /** The next try goes on from it. */
  readonly priorBranch: string | undefined;
}

/** A held bead is open and unassigned again, without the workflow that was attached for its holder. */
export async function writeRelease(tx: LedgerTx, { bead, why, priorBranch }: ReleaseWrite): Promise<void> {
  const { description } = (await tx.get(bead.id)) ?? bead;
  const vars = {
    ...slingTermsOf(bead).vars,
    ...(priorBranch === undefined ? {} : { prior_branch: priorBranch }),
  };
  const lines = formatVars(vars);
  const without = await burnAttached(tx, { description });
  await tx.update(
    bead.id,
    {
      status: 'open',
      assignee: '',
      description: writeAttachment(description, {
        ...without,
        attachedVars: lines === '' ? null : lines.split('\n'),
      }),
      metadata: { [DISPATCH_KEY]: null },
    },
    { status: bead.status, assignee: bead.assignee, metadata: { [DISPATCH_KEY]: dispatchOf(bead) ?? null } },
  );
  await tx.comment(bead.id, `Taken off ${bead.assignee}: ${why}`);
}

/** The same, with the row of the one who had it, in whatever ledger that lies. */
export async function giveBack(
  ctx: TownContext,
  write: ReleaseWrite & { readonly holder: PlacedAgent | undefined },
): Promise<void> {
  const { bead, holder } = write;
  const by = formatAddress(ctx.actor);
  const ledger = await ctx.ledgers.of(bead.id);
  const isHere = holder?.place.database === ledger.database;
  await ledger.transaction(by, async (tx) => {
    await writeRelease(tx, write);
    if (isHere) await emptyRow(tx, { ...holder, bead, branch: null });
  });
  if (isHere || holder === undefined) return;
  const other = await ctx.ledgers.open(holder.place.database);
  await other.transaction(by, (tx) => emptyRow(tx, { ...holder, bead, branch: null }));
}

interface Row extends PlacedAgent {
  readonly bead: Bead;
  readonly branch?: null;
}

/** The agent's row, where it still says that it has the bead. */
export async function emptyRow(tx: LedgerTx, { agent, place, bead, ...patch }: Row): Promise<void> {
  if ((await readAgentRow(tx, agent, place.prefix))?.hookBead !== bead.id) return;
  await writeAgentRow(tx, agent, place.prefix, { agentState: 'idle', hookBead: null, ...patch });
}
