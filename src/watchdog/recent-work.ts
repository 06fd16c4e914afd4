import type { TownContext } from '../beads/context.ts';
import { listRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { readTownSettings } from '../town/settings.ts';

export interface RecentScope {
  readonly limit: number;
  /** Unix ms. */
  readonly since?: number;
}

/** A commit on a rig's target branch. */
export interface RecentCommit {
  readonly rig: string;
  readonly sha: string;
  readonly author: string;
  /** RFC 3339. */
  readonly at: string;
  readonly subject: string;
}

/** Looked through per rig: commits of people stand between those of agents. */
const DEPTH = 500;

/** The newest commits by agents (their addresses have the town's domain) on all target branches, newest first. */
export async function readRecentCommits(
  ctx: TownContext,
  scope: RecentScope & { readonly everybody: boolean },
): Promise<readonly RecentCommit[]> {
  const domain = (await readTownSettings(ctx)).get('agent_email_domain');
  const perRig = await Promise.all(
    (await listRigs(ctx)).map((rig) => commitsOf(ctx, rig, { scope, domain })),
  );
  return perRig
    .flat()
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, scope.limit);
}

async function commitsOf(
  ctx: TownContext,
  rig: Rig,
  {
    scope,
    domain,
  }: { readonly scope: RecentScope & { readonly everybody: boolean }; readonly domain: string },
): Promise<readonly RecentCommit[]> {
  const { objects } = ctx.ports.git;
  const tip = await objects.resolve(rig.paths.bare, `refs/remotes/origin/${rig.defaultBranch}`);
  if (tip === undefined) return [];
  const commits = await objects.log(rig.paths.bare, { to: tip, limit: DEPTH });
  return commits
    .filter(({ author }) => scope.everybody || author.email.endsWith(`@${domain}`))
    .filter(({ committer }) => scope.since === undefined || committer.at * 1000 >= scope.since)
    .map(({ sha, author, committer, message }) => ({
      rig: rig.name,
      sha,
      author: author.name,
      at: new Date(committer.at * 1000).toISOString(),
      subject: message.split('\n', 1)[0] ?? '',
    }));
}

/** A bead as `gt trail beads` shows it. */
export interface RecentBead {
  readonly id: string;
  readonly title: string;
  readonly status: string;
  readonly assignee: string;
  readonly updated_at: string;
}

/** Work beads of all rigs that changed last, newest first. */
export async function readRecentBeads(ctx: TownContext, scope: RecentScope): Promise<readonly RecentBead[]> {
  const perRig = await Promise.all(
    (await listRigs(ctx)).map(async (rig) => {
      const ledger = await ctx.ledgers.open(rig.database);
      return ledger.list({
        tables: ['issues'],
        notType: ['agent', 'rig', 'role'],
        order: 'updated',
        limit: scope.limit,
        ...(scope.since === undefined ? {} : { updatedAfter: new Date(scope.since).toISOString() }),
      });
    }),
  );
  return perRig
    .flat()
    .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
    .slice(0, scope.limit)
    .map(({ id, title, status, assignee, updatedAt }) => ({
      id,
      title,
      status,
      assignee,
      updated_at: updatedAt,
    }));
}
