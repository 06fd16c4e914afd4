import { parseFields } from '../../beads/forms/fields.ts';
import { isMergeRequest, parseMergeRequest, MR_LABEL } from '../../beads/forms/merge-request.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import { integrationBranches, isEpic } from '../../rig/integration-branch.ts';
import type { Rig } from '../../rig/registry.ts';
import { rigOfBead } from '../../rig/rig-of-bead.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { fetchBranches, openPushRemote, readHeads } from '../push-remote.ts';
import type { LaneHeads, PushRemote } from '../push-remote.ts';

/** An epic whose work is gathered on a branch of its own before it lands (spec 04 A9). */
export interface Integration {
  readonly rig: Rig;
  readonly ledger: Ledger;
  readonly epic: Bead;
  readonly remote: PushRemote;
  readonly heads: LaneHeads;
  /** As recorded, else the first likely name that the remote has; undefined = there is none. */
  readonly branch: string | undefined;
  readonly base: string;
  /** undefined = the remote has no such branch. */
  readonly tip: Sha | undefined;
  readonly baseTip: Sha | undefined;
  /** Commits of the branch that the base does not have. */
  readonly ahead: number;
  readonly children: readonly Bead[];
  readonly pending: readonly string[];
  readonly merged: readonly string[];
  readonly autoLand: boolean;
}

const MOST_COMMITS = 10_000;

/** One look at ledger and remote. UsageError `mq.no-epic`, and what the remote's look-up throws. */
export async function readIntegration(ctx: TownContext, id: string): Promise<Integration> {
  const { rig, ledger, bead: epic } = await rigOfBead(ctx, id);
  if (!isEpic(epic)) {
    throw new UsageError({
      code: 'mq.no-epic',
      message: `${epic.id} is a ${epic.type}, not an epic`,
      hint: `Run: bd update ${epic.id} -t epic`,
    });
  }
  const settings = await readRigSettings(ctx, rig);
  const remote = await openPushRemote(ctx, rig);
  const heads = await readHeads(ctx, remote);
  const fields = parseFields(epic.description);
  const names = integrationBranches(epic, settings.get('merge_queue.integration_branch_template'));
  const branch = fields.get('integration_branch') ?? names.find((name) => heads.heads.has(name));
  const base = fields.get('base_branch') ?? rig.defaultBranch;
  await fetchBranches(ctx, remote, { heads, branches: [base, ...(branch === undefined ? [] : [branch])] });
  const [tip, baseTip] = [branch === undefined ? undefined : heads.heads.get(branch), heads.heads.get(base)];
  const requests = branch === undefined ? [] : await requestsOnto(ledger, branch);
  return {
    rig,
    ledger,
    epic,
    remote,
    heads,
    branch,
    base,
    tip,
    baseTip,
    ahead: await countAhead(ctx, remote, { tip, baseTip }),
    children: await ledger.list({ parent: epic.id, order: 'id' }),
    pending: requests.filter(({ bead }) => bead.status !== 'closed').map(({ id: mr }) => mr),
    merged: requests.filter(({ closeReason }) => closeReason === 'merged').map(({ id: mr }) => mr),
    autoLand: settings.get('merge_queue.integration_branch_auto_land'),
  };
}

/** Why its work cannot land as a whole yet; empty = it can. Pure. */
export function notReady(facts: Integration): readonly string[] {
  const { tip, ahead } = facts;
  const isEmpty = tip !== undefined && ahead === 0;
  return [...(isEmpty ? ['its branch has nothing that the base does not have'] : []), ...unfinished(facts)];
}

/** The same, but for a branch that the base holds already. */
export function unfinished({ branch, tip, children, pending }: Integration): readonly string[] {
  const open = children.filter(({ status }) => status !== 'closed').map(({ id }) => id);
  return [
    ...(branch === undefined || tip === undefined ? ['it has no branch on the remote'] : []),
    ...(children.length === 0 ? ['it has no children'] : []),
    ...(open.length > 0 ? [`open: ${open.slice(0, 5).join(', ')}`] : []),
    ...(pending.length > 0 ? [`in the queue: ${pending.slice(0, 5).join(', ')}`] : []),
  ];
}

async function requestsOnto(ledger: Ledger, branch: string) {
  const beads = await ledger.list({ labels: [MR_LABEL], order: 'id' });
  return beads
    .filter(isMergeRequest)
    .map(parseMergeRequest)
    .filter(({ target }) => target === branch);
}

async function countAhead(
  ctx: TownContext,
  remote: PushRemote,
  { tip, baseTip }: { readonly tip: Sha | undefined; readonly baseTip: Sha | undefined },
): Promise<number> {
  if (tip === undefined || baseTip === undefined) return 0;
  const commits = await ctx.ports.git.objects.log(remote.repo, {
    from: baseTip,
    to: tip,
    limit: MOST_COMMITS,
  });
  return commits.length;
}
