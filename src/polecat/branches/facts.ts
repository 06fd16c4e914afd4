import { agentRowsOf } from '../../beads/forms/agent-row.ts';
import { MR_LABEL, parseMergeRequest } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import { AGENT_BEADS } from '../../beads/forms/agent-row.ts';
import type { TownContext } from '../../beads/context.ts';
import type { Bead, BeadFilter } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { known } from '../../core/fact.ts';
import type { Sha } from '../../core/names.ts';
import { proveBranch } from '../../hooks/branch-proof.ts';
import { ALL_WORK, workByAgent } from '../../hooks/held-work.ts';
import { pushRemote, remoteTips } from '../../hooks/reachable.ts';
import { findStartPoint } from '../../hooks/start-point.ts';
import type { Rig } from '../../rig/registry.ts';
import type { BranchFacts, BranchSweep } from './plan.ts';

interface Surroundings {
  /** Branch → why somebody needs it. */
  readonly needed: ReadonlyMap<string, string>;
  /** Beads that wait for another try and name the branch to go on from. */
  readonly waiting: readonly Bead[];
  /** Branch → its newest merge request, open or closed. */
  readonly requests: ReadonlyMap<string, MergeRequest>;
  /** Branches that a worker's row names. */
  readonly ofWorkers: ReadonlySet<string>;
  readonly target: Sha;
  readonly remote: readonly Sha[];
}

const REQUESTS: BeadFilter = { labels: [MR_LABEL] };
const WAITING: BeadFilter = { notStatus: ['closed'], descriptionContains: 'prior_branch' };

/** The branches that gt made in this rig. Fetches the default branch first: only what the remote has now has landed. */
export async function readBranches(
  ctx: TownContext,
  rig: Rig,
  sweep: BranchSweep,
): Promise<readonly BranchFacts[]> {
  const around = await readSurroundings(ctx, rig);
  const isOurs = ({ name }: { readonly name: string }): boolean =>
    name.startsWith('polecat/') ||
    around.ofWorkers.has(name) ||
    around.requests.get(name)?.worker !== undefined;
  const local = (await localBranches(ctx, rig)).filter(isOurs);
  const remote = sweep === 'prune-remote' ? (await remoteBranches(ctx, rig)).filter(isOurs) : [];
  const facts: BranchFacts[] = [];
  for (const branch of [...local, ...remote]) facts.push(await readBranch(ctx, rig, { branch, around }));
  return facts;
}

type Branch = Pick<BranchFacts, 'name' | 'where' | 'tip'>;

async function localBranches(ctx: TownContext, rig: Rig): Promise<readonly Branch[]> {
  const refs = await ctx.ports.git.objects.listRefs(rig.paths.bare, 'refs/heads/');
  return refs.map(({ name, sha }) => ({ name: name.slice('refs/heads/'.length), where: 'local', tip: sha }));
}

/** Fetched as far as they can be: a commit that is not here cannot be compared with anything. */
async function remoteBranches(ctx: TownContext, rig: Rig): Promise<readonly Branch[]> {
  const { remotes } = ctx.ports.git;
  const { heads } = await remotes.list(rig.paths.bare, pushRemote(rig));
  const ours = [...heads].filter(([name]) => name.startsWith('polecat/'));
  if (rig.pushUrl === undefined && ours.length > 0) {
    const names = ours.map(([name]) => name);
    await remotes.fetch(rig.paths.bare, 'origin', names);
  }
  return ours.map(([name, tip]) => ({ name, where: 'remote', tip }));
}

async function readSurroundings(ctx: TownContext, rig: Rig): Promise<Surroundings> {
  const ledger = await ctx.ledgers.open(rig.database);
  const [agents = [], requests = [], waiting = [], open = [], atWork = []] = await ledger.lists([
    AGENT_BEADS,
    REQUESTS,
    WAITING,
    ...ALL_WORK,
  ]);
  const rows = agentRowsOf(agents).filter(
    ({ address, branch }) => address.role === 'polecat' && branch !== undefined,
  );
  const work = workByAgent(open, atWork);
  // With the remote out of reach nothing is judged: what was fetched may be long untrue.
  const origin = known(await ctx.ports.git.remotes.list(rig.paths.bare, 'origin'));
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch, origin });
  const parsed = requests.map(parseMergeRequest).toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const needed = new Map<string, string>();
  for (const mr of parsed)
    if (mr.bead.status !== 'closed') needed.set(mr.branch, `merge request ${mr.id} (${mr.phase})`);
  for (const { address, branch = '' } of rows) {
    const [held] = work.get(formatAddress(address))?.held ?? [];
    if (held !== undefined) needed.set(branch, `${formatAddress(address)} works on ${held.id}`);
  }
  for (const { branch, path } of await ctx.ports.git.worktrees.list(rig.paths.bare)) {
    if (branch !== undefined) needed.set(branch, `checked out in ${path}`);
  }
  return {
    needed,
    waiting,
    requests: new Map(parsed.map((mr) => [mr.branch, mr])),
    ofWorkers: new Set(rows.map(({ branch = '' }) => branch)),
    target: base,
    remote: await remoteTips(ctx, rig),
  };
}

async function readBranch(
  ctx: TownContext,
  rig: Rig,
  { branch, around }: { readonly branch: Branch; readonly around: Surroundings },
): Promise<BranchFacts> {
  const { name, where, tip } = branch;
  const next = around.waiting.find((bead) => bead.description.includes(name));
  const neededBy = around.needed.get(name) ?? (next === undefined ? undefined : `${next.id} goes on from it`);
  if (neededBy !== undefined) return { ...branch, neededBy, proof: undefined };
  if ((await ctx.ports.git.objects.resolve(rig.paths.bare, tip)) === undefined) {
    return { ...branch, neededBy: 'it was never fetched: nothing is known of it', proof: undefined };
  }
  const { target, remote } = around;
  const mr = around.requests.get(name);
  const landedAs = mr?.phase === 'done' && mr.commit === tip ? mr.mergeCommit : undefined;
  // What the branch itself says on the remote is what would go: it proves nothing.
  const others = where === 'remote' ? [] : remote;
  return {
    ...branch,
    neededBy: undefined,
    proof: await proveBranch(ctx, rig, { branch: name, tip, target, landedAs, remote: others }),
  };
}
