import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { formatJson, readJsonFile, valueAt } from '../town/json-file.ts';
import { listRigs } from './registry.ts';
import type { Rig } from './registry.ts';

const NAME_THEMES = ['mad-max', 'minerals', 'wasteland'] as const;

/** R/config.json, R/settings/config.json, the folders of the roles and the refinery's `.beads/redirect`. */
export async function writeRigFiles(ctx: TownContext, rig: Rig): Promise<void> {
  const { files } = ctx.ports;
  const { paths } = rig;
  await files.writeAtomic(paths.configFile, formatJson(rigConfig(rig)), { mode: 0o600 });
  const settings = { type: 'rig-settings', version: 1, namepool: { style: await unusedTheme(ctx) } };
  await files.writeAtomic(paths.settingsFile, formatJson(settings), { mode: 0o600 });
  for (const dir of [paths.polecatsDir, paths.crewDir, join(paths.root, 'witness'), paths.runtimeDir]) {
    await files.makeDir(dir);
  }
  await writeRedirect(ctx, paths.refineryWorktree);
}

function rigConfig(rig: Rig): Readonly<Record<string, unknown>> {
  return {
    type: 'rig',
    version: 1,
    name: rig.name,
    git_url: rig.gitUrl,
    ...(rig.pushUrl === undefined ? {} : { push_url: rig.pushUrl }),
    ...(rig.upstreamUrl === undefined ? {} : { upstream_url: rig.upstreamUrl }),
    default_branch: rig.defaultBranch,
    ...(rig.sparse.length === 0 ? {} : { sparse_checkout: rig.sparse }),
    created_at: rig.addedAt,
    beads: { prefix: rig.prefix },
  };
}

/** Two rigs with different themes are easier to tell apart; with all themes in use the first one is taken again. */
async function unusedTheme(ctx: TownContext): Promise<string> {
  const rigs = await listRigs(ctx);
  const docs = await Promise.all(rigs.map((rig) => readJsonFile(ctx.ports.files, rig.paths.settingsFile)));
  const used = new Set(docs.map((doc) => valueAt(doc ?? {}, ['namepool', 'style'])));
  return NAME_THEMES.find((theme) => !used.has(theme)) ?? NAME_THEMES[0];
}

/** One hop to the rig's own `.beads`; a `.beads` that the project tracks is never written into (DESIGN §2a). */
async function writeRedirect(ctx: TownContext, worktree: string): Promise<void> {
  const dir = join(worktree, '.beads');
  if ((await ctx.ports.files.stat(dir)) !== undefined) return;
  await ctx.ports.files.writeAtomic(join(dir, 'redirect'), '../../.beads\n');
}
