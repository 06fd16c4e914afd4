import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import { withSections } from '../../town/anchor.ts';
import { DAEMON_DEFAULTS } from '../../town/install-plan.ts';
import { formatJson, isJsonObject, readJsonFile, type JsonObject } from '../../town/json-file.ts';
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
  const targets = (await readHookTargets(ctx)).filter(({ exists }) => exists);
  for (const { error } of targets) if (error !== undefined) throw error;
  return targets.flatMap(({ changes }) =>
    changes.map(({ path, content, mode }) => ({
      kind: 'write',
      path,
      content,
      mode,
      what: `hooks: ${path}`,
    })),
  );
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
