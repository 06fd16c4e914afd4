import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { fingerprint, missingSince, type Fingerprint } from '../../beads/content/fingerprint.ts';
import { moveMisplaced } from '../../beads/move/misplaced.ts';
import { restDaemon } from '../../beads/place/rest-daemon.ts';
import { upgradeLedger } from '../../beads/place/upgrade.ts';
import { ExternalError, RefusedError } from '../../core/errors.ts';
import { readProjectId } from '../../town/beads-files.ts';
import { stopDolt } from '../../town/dolt-server.ts';
import { updateJsonFile } from '../../town/json-file.ts';
import { rigPaths } from '../../town/layout.ts';
import { parseRigName } from '../../core/names.ts';
import { writeExcludes } from '../excludes.ts';
import { makeRigLedger } from '../ledger.ts';
import { readRigs } from '../registry.ts';
import { makeTownLedger } from '../town-ledger.ts';
import { backUp, putBack } from './backup.ts';
import { adoptDir, readJournal, writeJournal, type AdoptJournal } from './journal.ts';
import { databasesOf, misplacedIn, planOf, surveyLedger } from './plan.ts';
import { whatRuns } from './running.ts';
import { withServer } from './server.ts';
import { surveyFiles, type FileSurvey } from './survey.ts';
import type { AdoptPlan, AdoptProblem } from './types.ts';

/**
 * Adopts a town of the Go gt, or goes on with an adoption that was killed. Backed up first; until mayor/town.json names
 * the store, and after any failure, the town is what it was. Throws RefusedError `adopt.refused` with the list,
 * ExternalError `adopt.differs`, `adopt.no-backup`.
 */
export async function runAdopt(ctx: TownContext): Promise<AdoptPlan> {
  await using _locks = await lock(ctx);
  const started = await readJournal(ctx);
  if (started?.phase === 'adopted')
    throw refusal('it is adopted already', 'Run: gt upgrade --confirm, or --revert');
  if (started?.phase === 'reverting') await putBack(ctx, started);
  const files = await surveyFiles(ctx);
  refuse([...files.problems, ...(await whatRuns(ctx))]);
  // Also one that a killed run has left.
  await stopDolt(ctx);
  if (started?.phase !== 'changing') {
    const copied = await backUp(ctx, files);
    return await orBack(ctx, copied, async () => {
      const ledger = await withServer(ctx, () => surveyLedger(ctx, files));
      await change(ctx, files, { ...copied, before: ledger.before });
      return planOf(files, ledger);
    });
  }
  return await orBack(ctx, started, async () => {
    await change(ctx, files, started);
    return planOf(files, undefined);
  });
}

/** Ends the time in which it could be taken back. Returns where the backup lies. RefusedError `adopt.none`. */
export async function confirmAdopt(ctx: TownContext): Promise<string> {
  // The town may be up: nothing that the daemon works on is touched.
  await using _lock = await lockRegistry(ctx);
  const journal = await readJournal(ctx);
  if (journal?.phase !== 'adopted') throw nothingTo('confirm', journal);
  const kept = `${ctx.root}/.gt-adopted-${journal.stamp}`;
  await ctx.ports.files.rename(adoptDir(ctx.root), kept);
  return kept;
}

/** Makes the town what it was. Returns where the data of the meantime lies. RefusedError `adopt.none`. */
export async function revertAdopt(ctx: TownContext): Promise<readonly string[]> {
  await using _locks = await lock(ctx);
  const journal = await readJournal(ctx);
  if (journal === undefined) throw nothingTo('revert', journal);
  refuse(await whatRuns(ctx));
  if (journal.phase !== 'copying') return await putBack(ctx, journal);
  await ctx.ports.files.remove(adoptDir(ctx.root));
  return [];
}

async function lock(ctx: TownContext): Promise<AsyncDisposable> {
  await using held = new AsyncDisposableStack();
  held.use(await restDaemon(ctx, 'gt upgrade --adopt'));
  held.use(await lockRegistry(ctx));
  return held.move();
}

/** One adoption, return or confirmation at a time. */
function lockRegistry(ctx: TownContext): Promise<AsyncDisposable> {
  return ctx.ports.locks.acquire('registry', { waitMs: 10_000, purpose: 'gt upgrade --adopt' });
}

/** A failure is no state to leave a town in. */
async function orBack<T>(ctx: TownContext, journal: AdoptJournal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await putBack(ctx, journal);
    throw error;
  }
}

/** Every part may be done again after a kill. */
async function change(ctx: TownContext, files: FileSurvey, journal: AdoptJournal): Promise<void> {
  let now = await writeJournal(ctx, { ...journal, phase: 'changing' });
  await withServer(ctx, async () => {
    ctx.failpoint('adopt-schema', 'before');
    for (const { name } of databasesOf(files)) await upgradeDatabase(ctx, name);
    ctx.failpoint('adopt-rows', 'before');
    const admin = await ctx.ports.store.admin();
    for (const misplaced of await misplacedIn(admin, files)) await moveMisplaced(ctx.ports.store, misplaced);
    ctx.failpoint('adopt-rows', 'after');
    if (now.before !== undefined) await compare(ctx, files, now.before);
    // What comes from here on is more than was there.
    now = await writeJournal(ctx, withoutBefore(now));
    ctx.failpoint('adopt-files', 'before');
    await completeFiles(ctx, files);
    ctx.failpoint('adopt-files', 'after');
    for (const { name } of databasesOf(files))
      await ctx.ports.store.commitVersion(name, 'gt: adopt the town', { withSettings: true });
  });
  ctx.failpoint('adopt-switch', 'before');
  await updateJsonFile(ctx, { path: ctx.paths.townFile, lock: 'config' }, (doc) => ({
    ...doc,
    store: { kind: 'dolt' },
  }));
  ctx.failpoint('adopt-switch', 'after');
  await writeJournal(ctx, { ...now, phase: 'adopted' });
}

/** What nobody committed yet is a version of its own, so that ours holds only what adopting changed. */
async function upgradeDatabase(ctx: TownContext, name: string): Promise<void> {
  const { store, clock, random } = ctx.ports;
  const admin = await store.admin();
  if ((await admin.planUpgrade(name)).length > 0) {
    await admin.session(name, async (sql) => {
      const dirty = await sql.query('SELECT table_name FROM dolt_status LIMIT 1');
      if (dirty.length > 0) await sql.query("CALL DOLT_COMMIT('-Am', 'gt: what was not committed yet')");
    });
    await upgradeLedger({ store, clock, random }, name);
  }
  const project = (await readProjectId(ctx.ports.files, ctx.paths, name)) ?? random.uuid();
  await admin.session(name, (sql) =>
    sql.run("INSERT IGNORE INTO metadata (`key`, value) VALUES ('_project_id', ?)", [project]),
  );
}

function withoutBefore({ before: _compared, ...journal }: AdoptJournal): AdoptJournal {
  return journal;
}

async function compare(ctx: TownContext, files: FileSurvey, before: Fingerprint): Promise<void> {
  const admin = await ctx.ports.store.admin();
  const after = await fingerprint(
    admin,
    databasesOf(files).map(({ name }) => name),
  );
  const missing = await missingSince(admin, before, after);
  if (missing.length === 0) return;
  throw new ExternalError({
    code: 'adopt.differs',
    message: `the ledger did not come out the same: ${missing.slice(0, 5).join('; ')}`,
    hint: 'The town is as it was before. Is something else still writing to it?',
  });
}

/** Rows, folders and settings that our towns have and those of the Go gt may not. */
async function completeFiles(ctx: TownContext, { rigs }: FileSurvey): Promise<void> {
  for (const { name, branch, branchIsNew } of rigs) {
    const paths = rigPaths(ctx.root, parseRigName(name));
    if (branchIsNew)
      await updateJsonFile(ctx, { path: paths.configFile, lock: 'config' }, (doc) => ({
        ...doc,
        default_branch: branch,
      }));
    await writeExcludes(ctx.ports.files, paths.bare);
    const clone = join(paths.mayorClone, '.git');
    if ((await ctx.ports.files.stat(clone))?.kind === 'dir') await writeExcludes(ctx.ports.files, clone);
  }
  await makeTownLedger(ctx);
  const { rigs: usable, broken } = await readRigs(ctx);
  refuse(
    broken.map(({ name, why }) => ({
      what: `rig ${name}: ${why}`,
      hint: 'Repair it with the gt that made it',
    })),
  );
  for (const rig of usable) await makeRigLedger(ctx, rig);
}

function refuse(problems: readonly AdoptProblem[]): void {
  if (problems.length === 0) return;
  const list = problems.map(({ what, hint }) => `${what} (${hint})`).join('; ');
  throw refusal(`this town cannot be adopted as it is: ${list}`, 'Run: gt upgrade --adopt --dry-run');
}

function refusal(message: string, hint: string): RefusedError {
  return new RefusedError({ code: 'adopt.refused', message, hint });
}

function nothingTo(what: string, journal: AdoptJournal | undefined): RefusedError {
  return new RefusedError({
    code: 'adopt.none',
    message:
      journal === undefined
        ? `there is no adoption to ${what}`
        : `the adoption is not finished (${journal.phase})`,
    hint: 'Run: gt upgrade --adopt',
  });
}
