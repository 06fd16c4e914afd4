import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { messageOf } from '../../core/errors.ts';
import { listDatabasesOnDisk } from '../../town/dolt-evidence.ts';
import { isJsonObject, readJsonFile } from '../../town/json-file.ts';
import { rigPaths, type RigPaths } from '../../town/layout.ts';
import { isRigName } from '../../core/names.ts';
import { readRoutes, type Route } from '../../town/routes.ts';
import { readTownSettings } from '../../town/settings.ts';
import { rigSettingsOf } from '../settings.ts';
import { readWorkers, type RigWorkers } from './workers.ts';
import type { AdoptProblem } from './types.ts';

/** What the files of a town of the Go gt say; nothing is started and nothing written. */
export interface FileSurvey {
  readonly problems: readonly AdoptProblem[];
  readonly routes: readonly Route[];
  readonly rigs: readonly SurveyedRig[];
  /** Settings that nothing reads, one line each. */
  readonly unread: readonly string[];
  /** Files and folders of the operator, by name. */
  readonly operator: readonly string[];
}

export interface SurveyedRig extends RigWorkers {
  readonly name: string;
  readonly prefix: string;
  readonly branch: string;
  /** R/config.json does not name the branch: the remote did. */
  readonly branchIsNew: boolean;
}

const TOWN_FILES = [
  'mayor/town.json',
  'mayor/rigs.json',
  'mayor/config.json',
  'mayor/daemon.json',
  'mayor/overseer.json',
  'mayor/accounts.json',
  'settings/config.json',
  'settings/agents.json',
  'settings/escalation.json',
  'config/messaging.json',
  '.beads/metadata.json',
];
const RIG_FILES = ['config.json', 'settings/config.json', 'settings/agents.json', '.beads/metadata.json'];
const OPERATOR = [
  'CLAUDE.md',
  'AGENTS.md',
  'CONTEXT.md',
  'directives',
  'roles',
  'formula-overlays',
  'plugins',
  'settings/themes',
  'settings/escalation.json',
  'mayor/accounts.json',
  'config/messaging.json',
];

export async function surveyFiles(ctx: TownContext): Promise<FileSurvey> {
  const problems: AdoptProblem[] = [...(await tornFiles(ctx, TOWN_FILES))];
  if (problems.length > 0) return { problems, routes: [], rigs: [], unread: [], operator: [] };
  const routes = await attempt(problems, () => readRoutes(ctx.ports.files, ctx.paths), []);
  const rigs: SurveyedRig[] = [];
  for (const [name, entry] of Object.entries(await registered(ctx))) {
    const found = await surveyRig(ctx, { name, entry, routes });
    if ('problems' in found) problems.push(...found.problems);
    else rigs.push(found);
  }
  problems.push(...(await lostDatabases(ctx, routes)));
  const unread = problems.length > 0 ? [] : await unreadSettings(ctx, rigs);
  return { problems, routes, rigs, unread, operator: await present(ctx, OPERATOR) };
}

async function attempt<T>(problems: AdoptProblem[], read: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await read();
  } catch (error) {
    problems.push({ what: messageOf(error), hint: 'Repair the file or restore it from a backup' });
    return otherwise;
  }
}

async function tornFiles(ctx: TownContext, names: readonly string[]): Promise<readonly AdoptProblem[]> {
  const problems: AdoptProblem[] = [];
  for (const name of names)
    await attempt(problems, () => readJsonFile(ctx.ports.files, join(ctx.root, name)), undefined);
  return problems;
}

async function registered(ctx: TownContext): Promise<Readonly<Record<string, unknown>>> {
  const { files } = ctx.ports;
  const doc =
    (await readJsonFile(files, ctx.paths.rigsFile)) ??
    (await readJsonFile(files, join(ctx.root, 'rigs.json')));
  return isJsonObject(doc?.['rigs']) ? doc['rigs'] : {};
}

interface RigFacts {
  readonly name: string;
  readonly entry: unknown;
  readonly routes: readonly Route[];
}

async function surveyRig(
  ctx: TownContext,
  { name, entry, routes }: RigFacts,
): Promise<SurveyedRig | { readonly problems: readonly AdoptProblem[] }> {
  if (!isRigName(name))
    return refused(`rig ${name}: that name cannot be used`, 'Rename it with the gt that made it');
  const paths = rigPaths(ctx.root, name);
  const out = `Bring it back, or take the rig out with the gt that made it: gt rig remove ${name}`;
  if ((await ctx.ports.files.stat(paths.root))?.kind !== 'dir')
    return refused(`rig ${name}: its folder ${paths.root} is missing`, out);
  const torn = await tornFiles(
    ctx,
    RIG_FILES.map((file) => join(name, file)),
  );
  if (torn.length > 0) return { problems: torn };
  const config = await readJsonFile(ctx.ports.files, paths.configFile);
  if (config === undefined) return refused(`rig ${name}: ${paths.configFile} is missing`, out);
  if ((await ctx.ports.files.stat(join(paths.bare, 'HEAD'))) === undefined)
    return refused(`rig ${name}: its repository ${paths.bare} is missing`, out);
  const prefix = prefixOf(entry) ?? prefixOf(config);
  if (prefix === undefined || !routes.some((route) => route.prefix === prefix && route.database === name))
    return refused(
      `rig ${name}: no route leads to its beads (prefix ${prefix ?? 'unknown'})`,
      `Add the line to .beads/routes.jsonl: {"prefix":"<prefix>-","path":"${name}"}`,
    );
  const foreign = await foreignDatabase(ctx, paths, name);
  if (foreign !== undefined)
    return refused(
      `rig ${name}: its beads are in the database '${foreign}', and gt names databases after rigs`,
      `Rename it (folder .dolt-data/${foreign}) to ${name} while no server runs`,
    );
  const named = config['default_branch'];
  const isNamed = typeof named === 'string' && named !== '';
  const branch = isNamed ? named : await askBranch(ctx, paths);
  if (branch === undefined)
    return refused(
      `rig ${name}: config.json names no default_branch, and its remote does not say one`,
      `Write "default_branch" into ${paths.configFile}`,
    );
  return { name, prefix, branch, branchIsNew: !isNamed, ...(await readWorkers(ctx, paths, name)) };
}

function refused(what: string, hint: string): { readonly problems: readonly AdoptProblem[] } {
  return { problems: [{ what, hint }] };
}

function prefixOf(doc: unknown): string | undefined {
  const beads = isJsonObject(doc) ? doc['beads'] : undefined;
  const prefix = isJsonObject(beads) ? beads['prefix'] : undefined;
  return typeof prefix === 'string' && prefix !== '' ? prefix.replace(/-+$/, '') : undefined;
}

/** The database that the rig's files name, when it is not the one of its name. */
async function foreignDatabase(ctx: TownContext, paths: RigPaths, name: string): Promise<string | undefined> {
  const doc = await readJsonFile(ctx.ports.files, join(paths.beadsDir, 'metadata.json'));
  const database = doc?.['dolt_database'];
  return typeof database === 'string' && database !== '' && database !== name ? database : undefined;
}

async function askBranch(ctx: TownContext, paths: RigPaths): Promise<string | undefined> {
  try {
    return (await ctx.ports.git.remotes.list(paths.bare, 'origin')).defaultBranch;
  } catch {
    // The caller says that nobody knows the branch, and what to do.
    return undefined;
  }
}

async function lostDatabases(ctx: TownContext, routes: readonly Route[]): Promise<readonly AdoptProblem[]> {
  const onDisk = await listDatabasesOnDisk(ctx);
  return [...new Set(routes.map((route) => route.database))]
    .filter((name) => !onDisk.includes(name))
    .map((name) => ({
      what: `the database '${name}' is not in ${ctx.paths.doltDir}`,
      hint: 'Bring it back from a backup, or take its line out of .beads/routes.jsonl',
    }));
}

async function unreadSettings(ctx: TownContext, rigs: readonly SurveyedRig[]): Promise<readonly string[]> {
  const warnings = [...(await readTownSettings(ctx)).warnings];
  for (const { name } of rigs) {
    const path = join(ctx.root, name, 'settings/config.json');
    warnings.push(
      ...rigSettingsOf([{ path, doc: (await readJsonFile(ctx.ports.files, path)) ?? {} }]).warnings,
    );
  }
  return warnings;
}

async function present(ctx: TownContext, names: readonly string[]): Promise<readonly string[]> {
  const stats = await Promise.all(names.map((name) => ctx.ports.files.stat(join(ctx.root, name))));
  return names.filter((_, index) => stats[index] !== undefined);
}
