import { join } from 'node:path';
import { readRigSettings } from '../../rig/settings.ts';
import { readRigProperties } from '../../rig/properties.ts';
import { PROPERTY_TABLE } from '../../rig/property-keys.ts';
import { RIG_TABLE } from '../../rig/settings-keys.ts';
import { listAgents, readAgent } from '../../runtimes/agents.ts';
import { requireFit } from '../../runtimes/fitness.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { checkHeader, readJsonFile } from '../../town/json-file.ts';
import { keyNames } from '../../town/layers.ts';
import { readRoutes, withoutRoute, withRoute, type Route } from '../../town/routes.ts';
import { TOWN_TABLE } from '../../town/settings-keys.ts';
import { readTownSettings } from '../../town/settings.ts';
import { describeIssue } from '../../town/town-file.ts';
import { CONFIG_FILES, type ConfigFile } from '../config-files.ts';
import { inRigs, type DoctorCheck, type Site } from './check.ts';

interface Found {
  readonly file: ConfigFile;
  readonly path: string;
}

/** Where the files of settings lie in this town, there or not. */
function placesOf({ ctx, rigs }: Site): readonly Found[] {
  return CONFIG_FILES.flatMap((file) =>
    file.name.includes('<rig>')
      ? rigs.map(({ name }) => ({ file, path: join(ctx.root, file.name.replace('<rig>', name)) }))
      : [{ file, path: join(ctx.root, file.name) }],
  );
}

export const CONFIG_FILES_READABLE: DoctorCheck = {
  name: 'config-files',
  group: 'configuration',
  title: 'Every file of settings can be read and holds what it should',
  severity: 'error',
  remedy:
    'repair the file that is named, or restore it from a backup: gt never writes over what it cannot read',
  async detect(site) {
    const { files } = site.ctx.ports;
    const lines = await Promise.all(
      placesOf(site).map(async ({ file, path }) => {
        try {
          const doc = await readJsonFile(files, path);
          if (doc === undefined) return [];
          checkHeader(doc, file.header, path);
          const parsed = file.schema().safeParse(doc);
          return parsed.success ? [] : parsed.error.issues.map((issue) => `${path}: ${describeIssue(issue)}`);
        } catch (error) {
          if (error instanceof GtError) return [messageOf(error)];
          throw error;
        }
      }),
    );
    return lines.flat();
  },
};

export const CONFIG_VALUES: DoctorCheck = {
  name: 'config-values',
  group: 'configuration',
  title: 'Every setting has a value that it can have',
  severity: 'error',
  remedy: 'set it anew: gt config explain <key> says what it takes',
  async detect(site) {
    const settings = await readTownSettings(site.ctx);
    const own = keyNames(TOWN_TABLE).flatMap((key) => settings.report(key).problem ?? []);
    const ofRigs = await inRigs(site, async (rig) => {
      const rigSettings = await readRigSettings(site.ctx, rig);
      return keyNames(RIG_TABLE).flatMap((key) => rigSettings.report(key).problem ?? []);
    });
    return [...own, ...ofRigs];
  },
};

export const CONFIG_KEYS: DoctorCheck = {
  name: 'config-keys',
  group: 'configuration',
  title: 'Every setting in the files is one that something reads',
  severity: 'warning',
  remedy: 'correct the name, or take the line out; gt itself only leaves it alone',
  async detect(site) {
    const { warnings } = await readTownSettings(site.ctx);
    const ofRigs = await inRigs(site, async (rig) => (await readRigSettings(site.ctx, rig)).warnings);
    return [...warnings, ...ofRigs];
  },
};

export const FILE_RIGHTS: DoctorCheck = {
  name: 'file-rights',
  group: 'configuration',
  title: 'Files of settings are readable for their owner only',
  severity: 'warning',
  remedy: 'sets their rights to 0600',
  async detect(site) {
    const open = await openFiles(site);
    return open.map(({ path, mode }) => `${path} has the rights ${mode.toString(8)}`);
  },
  async fix(site) {
    const { files } = site.ctx.ports;
    for (const { path } of await openFiles(site)) {
      const text = await files.readText(path);
      if (text !== undefined) await files.writeAtomic(path, text, { mode: 0o600 });
    }
  },
};

/** Project files are as the project has them. */
async function openFiles(site: Site): Promise<readonly { readonly path: string; readonly mode: number }[]> {
  const stats = await Promise.all(
    placesOf(site).map(async ({ path }) => ({
      path,
      mode: (await site.ctx.ports.files.stat(path))?.mode ?? 0o600,
    })),
  );
  return stats.flatMap(({ path, mode }) => ((mode & 0o077) === 0 ? [] : [{ path, mode: mode & 0o777 }]));
}

export const ROUTES: DoctorCheck = {
  name: 'routes',
  group: 'configuration',
  title: 'Every prefix of beads leads to its ledger',
  severity: 'error',
  remedy: 'adds the missing lines to .beads/routes.jsonl, takes those out that lead to no ledger',
  async detect(site) {
    const { ctx, rigs } = site;
    const routes = await readRoutes(ctx.ports.files, ctx.paths);
    const lost = await lostRoutes(site);
    return [
      ...lost.map(({ prefix, database }) => `${prefix}- leads to ${database}, which is no ledger`),
      ...rigs.flatMap(({ prefix, database }) => {
        const route = routes.find((each) => each.prefix === prefix);
        if (route?.database === database) return [];
        const where = route === undefined ? 'nowhere' : `to ${route.database}`;
        return [`${prefix}- leads ${where} instead of to ${database}`];
      }),
    ];
  },
  async fix(site) {
    const { ctx, rigs } = site;
    const { files, locks } = ctx.ports;
    await using _lock = await locks.acquire('registry', { waitMs: 10_000, purpose: 'repair routes' });
    const before = (await files.readText(ctx.paths.routesFile)) ?? '';
    const lost = await lostRoutes(site);
    const kept = lost.reduce((text, { prefix }) => withoutRoute(text, prefix), before);
    const after = rigs.reduce((text, { prefix, name }) => withRoute(text, prefix, name), kept);
    if (after !== before) await files.writeAtomic(ctx.paths.routesFile, after, { mode: 0o600 });
  },
};

/** To databases that do not exist. A rig's own is another matter: that database is lost, not its route. */
async function lostRoutes({ ctx, rigs, broken }: Site): Promise<readonly Route[]> {
  const { ok, databases } = await ctx.ports.store.health();
  if (!ok) return [];
  const known = new Set<string>([...databases, 'hq', ...[...rigs, ...broken].map(({ name }) => name)]);
  return (await readRoutes(ctx.ports.files, ctx.paths)).filter(({ database }) => !known.has(database));
}

export const AGENT_PROGRAMS: DoctorCheck = {
  name: 'agents-fit',
  group: 'configuration',
  title: 'Every agent of your own is one that gt can drive',
  severity: 'error',
  remedy: 'define it anew: gt config agent set <name> "<command>"',
  async detect({ ctx }) {
    const own = (await listAgents(ctx)).filter((agent) => agent.is_custom);
    const lines = await Promise.all(
      own.map(async ({ name }) => {
        try {
          requireFit(await readAgent(ctx, name));
          return [];
        } catch (error) {
          if (error instanceof GtError) return [messageOf(error)];
          throw error;
        }
      }),
    );
    return lines.flat();
  },
};

export const PROPERTIES: DoctorCheck = {
  name: 'rig-properties',
  group: 'rigs',
  title: 'Every property of a rig is one that there is, with a value that it can have',
  severity: 'error',
  remedy: 'set it anew, or take it away: gt rig config show <rig> --layers says where it stands',
  after: 'ledger-answers',
  detect: (site) =>
    inRigs(site, async (rig) => {
      const properties = await readRigProperties(site.ctx, rig);
      const problems = keyNames(PROPERTY_TABLE).flatMap((key) => properties.report(key).problem ?? []);
      return [...problems, ...properties.warnings];
    }),
};
