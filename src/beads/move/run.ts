import { ExternalError, RefusedError } from '../../core/errors.ts';
import type { Store, StoreKind } from '../../ports/store.ts';
import { copyDatabase } from '../content/copy.ts';
import { differingTables, digestDatabase, type DatabaseDigest } from '../content/digest.ts';
import type { TownContext } from '../context.ts';
import { restDaemon } from '../place/rest-daemon.ts';
import { planMove, type MovePlan } from './plan.ts';
import { finishSwitch, placesOf, readMark, switchStore, writeMark } from './switch.ts';

export interface MoveRequest {
  readonly to: StoreKind;
  /** Opens the new store; it answers, and holds nothing that counts yet. */
  readonly openTarget: () => Promise<Store>;
}

export interface MoveReport {
  readonly plan: MovePlan;
  /** Content of each database, equal on both sides. */
  readonly content: Readonly<Record<string, DatabaseDigest>>;
  /** Where the old data lies now; '' when another machine keeps it. */
  readonly aside: string;
}

/**
 * Moves a town's ledger to the other engine: copied while no gt process can write, compared table by table, then
 * switched. Until mayor/town.json names the new store the old one is in force, wherever the process dies; run
 * again, it starts over. Throws RefusedError `store.daemon-runs` `store.target-exists`, ExternalError
 * `store.move-differs`.
 */
export async function runMove(ctx: TownContext, request: MoveRequest): Promise<MoveReport> {
  await using _daemon = await restDaemon(ctx, 'gt store migrate');
  await using _registry = await ctx.ports.locks.acquire('registry', {
    waitMs: 10_000,
    purpose: 'gt store migrate',
  });
  const plan = await planMove(ctx, request.to);
  const names = plan.databases.map(({ name }) => name);
  const isOurs = (await readMark(ctx))?.to === request.to;
  if (request.to === 'sqlite' && !isOurs) await refuseFolder(ctx);
  const target = await request.openTarget();
  await clearTarget(target, names, isOurs);
  // Not before: what a mark speaks of may be removed by the next run.
  const mark = await writeMark(ctx, request.to);
  const admin = await ctx.ports.store.admin();
  return await admin.freeze(names, async () => {
    const content: Record<string, DatabaseDigest> = {};
    for (const { name, identity } of plan.databases) {
      ctx.failpoint('store-copy', 'before');
      await target.create(name, identity);
      content[name] = await copyOne(ctx, target, name);
      ctx.failpoint('store-copy', 'after');
    }
    await target.close();
    await switchStore(ctx, plan, mark);
    return { plan, content, aside: placesOf(ctx.paths, mark).aside };
  });
}

/** What an interrupted move left undone after its switch. False when there is nothing. */
export async function finishMove(ctx: TownContext): Promise<boolean> {
  const mark = await readMark(ctx);
  if (mark === undefined || mark.to !== ctx.ports.store.kind) return false;
  await using _daemon = await restDaemon(ctx, 'gt store migrate');
  await finishSwitch(ctx, (await planMove(ctx, mark.to)).databases, mark);
  return true;
}

async function refuseFolder({ paths, ports }: TownContext): Promise<void> {
  if ((await ports.files.stat(paths.storeDir)) === undefined) return;
  throw targetExists(`${paths.storeDir} is there already, and is not the store in force`);
}

/** Only what an interrupted move of ours left may be in the way. */
async function clearTarget(target: Store, names: readonly string[], isOurs: boolean): Promise<void> {
  const present = (await target.list()).filter((name) => names.includes(name));
  if (present.length > 0 && !isOurs) {
    throw targetExists(
      `the ${target.kind} store has databases of these names already: ${present.join(', ')}`,
    );
  }
  const admin = await target.admin();
  for (const name of present) await admin.drop(name);
}

async function copyOne(ctx: TownContext, target: Store, name: string): Promise<DatabaseDigest> {
  const { tables } = await target.admin();
  const from = await ctx.ports.store.open(name);
  const to = await target.open(name);
  await copyDatabase(from, to, tables);
  await target.commitVersion(name, 'store: move the ledger here', { withSettings: true });
  const [before, after] = [await digestDatabase(from, tables), await digestDatabase(to, tables)];
  const differing = differingTables(before, after);
  if (differing.length === 0) return after;
  throw new ExternalError({
    code: 'store.move-differs',
    message: `the copy of '${name}' is not the same: ${differing.join('; ')}`,
    hint: 'The old store is in force, nothing was switched; run it again when nothing else writes',
  });
}

function targetExists(message: string): RefusedError {
  return new RefusedError({
    code: 'store.target-exists',
    message,
    hint: 'Look whose data it is and move it away; nothing was changed',
  });
}
