import type { TownContext } from '../../beads/context.ts';
import { countsOf, fingerprint } from '../../beads/content/fingerprint.ts';
import { findMisplaced } from '../../beads/move/misplaced.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import type { StoreAdmin } from '../../ports/store-admin.ts';
import { whatRuns } from './running.ts';
import { withServer } from './server.ts';
import { surveyFiles, type FileSurvey } from './survey.ts';
import type { AdoptPlan, AdoptedDatabase, AdoptProblem, LedgerSurvey } from './types.ts';

/** Looks at a town of the Go gt and says what adopting it would do; the town is as it was afterwards. */
export async function planAdoption(ctx: TownContext): Promise<AdoptPlan> {
  const files = await surveyFiles(ctx);
  const problems = [...files.problems, ...(await whatRuns(ctx))];
  if (problems.length > 0) return planOf({ ...files, problems }, undefined);
  const ledger = await withServer(ctx, () => trySurvey(ctx, files), 'asBefore');
  return 'problem' in ledger
    ? planOf({ ...files, problems: [ledger.problem] }, undefined)
    : planOf(files, ledger);
}

async function trySurvey(
  ctx: TownContext,
  files: FileSurvey,
): Promise<LedgerSurvey | { readonly problem: AdoptProblem }> {
  try {
    return await surveyLedger(ctx, files);
  } catch (error) {
    const hint = error instanceof GtError ? (error.hint ?? 'Run: gt errors') : 'Run it again';
    return { problem: { what: messageOf(error), hint } };
  }
}

/** Asks the server, which must run. Throws what `planUpgrade` throws. */
export async function surveyLedger(ctx: TownContext, files: FileSurvey): Promise<LedgerSurvey> {
  const admin = await ctx.ports.store.admin();
  const names = databasesOf(files).map(({ name }) => name);
  const upgrades: Record<string, readonly string[]> = {};
  for (const name of names) upgrades[name] = await admin.planUpgrade(name);
  return {
    before: await fingerprint(admin, names),
    upgrades,
    misplaced: await misplacedIn(admin, files),
  };
}

export function misplacedIn(admin: StoreAdmin, { routes }: FileSurvey) {
  return admin.session('hq', (sql) => findMisplaced(sql, 'hq', routes));
}

/** Those that a route leads to, the town's first. */
export function databasesOf({ routes }: Pick<FileSurvey, 'routes'>): readonly AdoptedDatabase[] {
  const prefixes = new Map<string, string>();
  for (const { database, prefix } of routes) if (!prefixes.has(database)) prefixes.set(database, prefix);
  return [...prefixes].map(([name, prefix]) => ({ name, prefix }));
}

/** Pure. */
export function planOf(files: FileSurvey, ledger: LedgerSurvey | undefined): AdoptPlan {
  return {
    problems: files.problems,
    kept: keptLines(files, ledger),
    changed: changedLines(files, ledger),
    ignored: ignoredLines(files),
    databases: databasesOf(files),
    rigs: files.rigs.map(({ name, branch, branchIsNew }) => ({
      name,
      branch: branchIsNew ? branch : undefined,
    })),
  };
}

function keptLines({ rigs, operator }: FileSurvey, ledger: LedgerSurvey | undefined): readonly string[] {
  const counts =
    ledger === undefined ? [] : [`ledger: ${countsOf(ledger.before)}, with their history and settings`];
  return [
    ...counts,
    ...rigs.map(
      ({ name, prefix, branch, polecats, crew }) =>
        `rig ${name} (beads ${prefix}-, branch ${branch}): ${amount(polecats, 'polecat')}, ${amount(crew, 'crew workspace')}`,
    ),
    'settings of the town and its rigs, names, mail, convoys, escalations',
    ...(operator.length === 0 ? [] : [`your files: ${operator.join(', ')}`]),
  ];
}

function amount(names: readonly string[], what: string): string {
  if (names.length === 0) return `no ${what}s`;
  return `${names.length} ${what}${names.length === 1 ? '' : 's'} (${names.join(', ')})`;
}

function changedLines({ rigs }: FileSurvey, ledger: LedgerSurvey | undefined): readonly string[] {
  const older = Object.entries(ledger?.upgrades ?? {}).filter(([, steps]) => steps.length > 0);
  const names = older.map(([name]) => name).join(', ');
  const schema =
    older.length === 0
      ? []
      : [`schema of ${names}: brought to that of bd 1.0.5, which an older bd cannot open`];
  return [
    ...schema,
    ...(ledger?.misplaced ?? []).map(
      ({ ids, to }) => `${ids.length} rows of agents move from 'hq' to '${to}', where their prefix leads`,
    ),
    ...rigs.flatMap(({ name, branch, branchIsNew }) =>
      branchIsNew ? [`rig ${name}: default branch ${branch}, asked from the remote, is written down`] : [],
    ),
    'mayor/town.json says where the ledger is; .beads/metadata.json which project it is of',
    "hooks of agents (.claude/settings.json …): gt's own commands in them are replaced when an agent starts",
  ];
}

function ignoredLines({ rigs, unread }: FileSurvey): readonly string[] {
  return [
    'AI patrols of mayor/daemon.json: health, dispatch and merging are done by code',
    'process ids, heartbeats and queued nudges of the last run',
    ...unread,
    ...rigs.flatMap(({ dangling }) =>
      dangling.map(
        (path) => `${path}: git cannot read it; its files stay, and are set aside when somebody works there`,
      ),
    ),
  ];
}
