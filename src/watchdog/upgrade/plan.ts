import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { readRigs } from '../../rig/registry.ts';
import { readAgentFiles } from '../../runtimes/agent-files.ts';
import { makeCatalog } from '../../runtimes/catalog.ts';
import { planHookFiles } from '../../runtimes/hook-files/plan.ts';
import { withSections } from '../../town/anchor.ts';
import { DAEMON_DEFAULTS } from '../../town/install-plan.ts';
import { formatJson, isJsonObject, readJsonFile, type JsonObject } from '../../town/json-file.ts';
import { rigPaths } from '../../town/layout.ts';
import { readRoutes } from '../../town/routes.ts';
import { planFormulas } from './formulas.ts';

/** One thing that an update of gt left behind. */
export type UpgradeStep =
  | { readonly kind: 'schema'; readonly database: string; readonly what: string }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly content: string;
      readonly mode: number;
      readonly what: string;
    }
  /** Edited by somebody: said, not changed. */
  | { readonly kind: 'skip'; readonly what: string };

/** What is not as this gt would make it. Pure of writes; the ledger must answer. */
export async function planUpgrade(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  return [
    ...(await schemaSteps(ctx)),
    ...(await hookSteps(ctx)),
    ...(await planFormulas(ctx)),
    ...(await daemonStep(ctx)),
    ...(await anchorStep(ctx)),
  ];
}

async function schemaSteps(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  const { store, files } = ctx.ports;
  const admin = await store.admin();
  const routed = new Set((await readRoutes(files, ctx.paths)).map((route) => route.database));
  const steps: UpgradeStep[] = [];
  for (const database of (await store.list()).filter((name) => routed.has(name))) {
    const found = await admin.planUpgrade(database);
    if (found.length > 0)
      steps.push({
        kind: 'schema',
        database,
        what: `ledger '${database}': ${found.length} steps to the new schema`,
      });
  }
  return steps;
}

/** Only files that are there: a runtime's hooks are made when its first agent starts. */
async function hookSteps(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  const { rigs } = await readRigs(ctx);
  const folders = [
    ...['mayor', 'deacon', 'deacon/dogs/boot'].map((name) => join(ctx.root, name)),
    ...rigs.flatMap(({ name }) =>
      ['witness', 'refinery', 'polecats', 'crew'].map((role) => join(rigPaths(ctx.root, name).root, role)),
    ),
  ];
  const catalog = makeCatalog(await readAgentFiles(ctx.ports.files, ctx.paths, undefined), ctx.gtArgv);
  const steps = new Map<string, UpgradeStep>();
  for (const hooks of catalog.names.map((name) => catalog.find(name)?.hooks)) {
    if (hooks?.base !== 'settings') continue;
    for (const folder of folders) {
      if ((await ctx.ports.files.stat(join(folder, hooks.file))) === undefined) continue;
      for (const { path, content, mode } of await planHookFiles(ctx, hooks, folder))
        steps.set(path, { kind: 'write', path, content, mode, what: `hooks: ${path}` });
    }
  }
  return [...steps.values()];
}

async function daemonStep(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  const path = ctx.paths.daemonConfigFile;
  const before = (await readJsonFile(ctx.ports.files, path)) ?? {};
  const after = withDefaults(before, DAEMON_DEFAULTS);
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [
    { kind: 'write', path, content: formatJson(after), mode: 0o600, what: `defaults of the daemon: ${path}` },
  ];
}

/** What is there stays, also what nobody knows. */
function withDefaults(doc: JsonObject, defaults: JsonObject): JsonObject {
  const added = Object.entries(defaults).map(([key, value]) => {
    const there = doc[key];
    const merged = isJsonObject(there) && isJsonObject(value) ? withDefaults(there, value) : (there ?? value);
    return [key, merged] as const;
  });
  return { ...doc, ...Object.fromEntries(added) };
}

async function anchorStep(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  const path = join(ctx.root, 'CLAUDE.md');
  const before = (await ctx.ports.files.readText(path)) ?? '';
  const content = withSections(before);
  return content === before
    ? []
    : [{ kind: 'write', path, content, mode: 0o644, what: `sections that were missing: ${path}` }];
}
