import { writeAgentRow } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { NotFoundError, RefusedError } from '../../core/errors.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import type { Rig } from '../../rig/registry.ts';
import type { PolecatView } from '../list.ts';
import { nukePolecat } from '../nuke/run.ts';
import type { NukeReport } from '../nuke/run.ts';

/**
 * Ends an identity: its row is closed, and a worker that gets the name later starts with an empty history. One with a
 * worktree or work is refused; `force` nukes it first, which keeps what is nowhere else. RefusedError
 * `polecat.in-use`, `nuke.*`; NotFoundError `polecat.no-identity`.
 */
export async function removeIdentity(
  ctx: TownContext,
  rig: Rig,
  { view, force }: { readonly view: PolecatView; readonly force: boolean },
): Promise<NukeReport | undefined> {
  const { row, name } = view;
  if (!hasIdentity(view) || row === undefined) throw noIdentity(rig, name);
  const inUse = inUseText(view);
  if (inUse !== undefined && !force) throw isInUse(rig, name, inUse);
  const report =
    inUse === undefined
      ? undefined
      : await nukePolecat(ctx, { rig, worker: name, force: true, what: 'nuke' });
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const [held] = (await readAgentWork(tx, row.address)).held;
    if (held !== undefined) throw isInUse(rig, name, `has got ${held.id} meanwhile`);
    await writeAgentRow(tx, row.address, rig.prefix, { agentState: 'nuked', hookBead: null, branch: null });
    await tx.close(row.bead.id, { reason: 'identity removed', force: true });
  });
  return report;
}

function isInUse(rig: Rig, name: string, why: string): RefusedError {
  return new RefusedError({
    code: 'polecat.in-use',
    message: `polecat ${name} ${why}`,
    hint: `Run: gt polecat nuke ${rig.name}/${name}`,
  });
}

function inUseText({ work, seen, hasFolder }: PolecatView): string | undefined {
  const [held] = work.held;
  const [submitted] = work.submitted;
  if (held !== undefined) return `holds ${held.id}`;
  if (submitted !== undefined) return `has handed in ${submitted.bead.id} as ${submitted.mr.id}`;
  if (seen.kind === 'live' || seen.kind === 'unreadable') return 'has a session that is up';
  return hasFolder ? 'has a worktree' : undefined;
}

export function hasIdentity({ row }: PolecatView): boolean {
  return row !== undefined && row.bead.status !== 'closed';
}

export function noIdentity(rig: Rig, name: string): NotFoundError {
  return new NotFoundError({
    code: 'polecat.no-identity',
    message: `rig ${rig.name} has no identity of a polecat '${name.slice(0, 60)}'`,
    hint: `Run: gt polecat identity add ${rig.name} <name>`,
  });
}
