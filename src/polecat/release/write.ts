import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import { formatVars } from '../../beads/forms/sling-context.ts';
import { DISPATCH_KEY, dispatchOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import type { AgentAddress } from '../../core/address.ts';
import type { AgentPlace } from '../../rig/agent-place.ts';
import { burnAttached } from '../../formulas/molecule/attach.ts';

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

interface Row {
  readonly agent: AgentAddress;
  readonly place: AgentPlace;
  readonly bead: Bead;
}

/** The agent's row, where it still says that it has the bead. */
export async function emptyRow(tx: LedgerTx, { agent, place, bead }: Row): Promise<void> {
  if ((await readAgentRow(tx, agent, place.prefix))?.hookBead !== bead.id) return;
  await writeAgentRow(tx, agent, place.prefix, { agentState: 'idle', hookBead: null });
}
