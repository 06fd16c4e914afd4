import type { TownContext } from '../beads/context.ts';
import { UnavailableError } from '../core/errors.ts';
import type { RigName } from '../core/names.ts';
import { readRoutes } from '../town/routes.ts';
import { clearAbandoned } from './abandoned.ts';
import { planAdd, refuseTakenName } from './add-plan.ts';
import type { AddFacts, AddRequest } from './add-plan.ts';
import { openEarlierLedger } from './ledger.ts';
import { runAdd } from './add-run.ts';
import { readRigs } from './registry.ts';
import type { Rig } from './registry.ts';
import { rigPaths } from '../town/layout.ts';

/**
 * Registers a project: looks first (nothing is written then), decides, carries out (`started` is called before). A
 * failure takes back all
 * that was made. RefusedError `rig.*`, NotFoundError `rig.no-branch`, UnavailableError
 * `git.remote-unreachable` or `store.unavailable`.
 */
export async function addRig(
  ctx: TownContext,
  request: AddRequest,
  started: () => void = () => undefined,
): Promise<Rig> {
  await clearAbandoned(ctx, request.name);
  const plan = planAdd(request, await readAddFacts(ctx, request));
  started();
  return runAdd(ctx, plan);
}

async function readAddFacts(ctx: TownContext, request: AddRequest): Promise<AddFacts> {
  const { files, git, store } = ctx.ports;
  const health = await store.health();
  if (!health.ok) {
    throw new UnavailableError({
      code: 'store.unavailable',
      message: `the ledger does not answer: ${health.error ?? health.location}`,
      hint: 'Run: gt up',
    });
  }
  const { rigs, broken } = await readRigs(ctx);
  const paths = rigPaths(ctx.root, request.name);
  const { source } = request;
  const taken = {
    registered: [...rigs, ...broken].map((rig) => rig.name),
    folderExists: (await files.stat(paths.root)) !== undefined,
  };
  refuseTakenName(request.name, taken);
  return {
    ...taken,
    routes: await readRoutes(files, ctx.paths),
    oldLedgerPrefix: await readOldPrefix(ctx, request.name),
    remote: await git.remotes.list(undefined, source.url),
    checkedOut: source.kind === 'local' ? await checkedOutBranches(ctx, source.url) : [],
  };
}

async function checkedOutBranches(ctx: TownContext, path: string): Promise<readonly string[]> {
  const entries = await ctx.ports.git.worktrees.list(path);
  return entries.flatMap(({ branch }) => (branch === undefined ? [] : [branch]));
}

/** An earlier rig of this name may have left its ledger: `rig remove` keeps all data. */
async function readOldPrefix(ctx: TownContext, name: RigName): Promise<string | undefined> {
  return (await openEarlierLedger(ctx, name))?.prefix.replace(/-+$/, '');
}
