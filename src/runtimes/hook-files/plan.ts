import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import { readTemplate } from '../../town/template.ts';
import { gtProgram } from '../gt-command.ts';
import type { RuntimeHooks } from '../types.ts';
import { NO_LAYERS, readLayer, readLayers } from './layers.ts';
import type { HookLayer, HookTarget, LayeredHooks } from './layers.ts';
import { HOOK_PLUGINS, pluginText } from './plugins.ts';
import type { HookPlugin } from './plugins.ts';
import { HOOK_SETTINGS, withHooks } from './settings.ts';
import type { HookSettings } from './settings.ts';

/** A file by which a runtime calls gt back: as it should be, and as it is. */
export interface HookFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
  /** undefined = it is not there. */
  readonly before: string | undefined;
  /** What gt notes for itself beside the hooks. */
  readonly isNote?: true;
}

export interface HookPlace {
  readonly hooks: RuntimeHooks;
  /** Whose they are. */
  readonly target: HookTarget;
  /** What the runtime's paths are below. */
  readonly folder: string;
}

/**
 * The hook files of one runtime below `folder`; those that are as they should be are left out. UnreadableError
 * `file.corrupt` for a user's malformed file, which then stays as it is.
 */
export async function planHookFiles(
  ctx: TownContext,
  { hooks, target, folder }: HookPlace,
): Promise<readonly HookFile[]> {
  const path = join(folder, hooks.file);
  const settings = HOOK_SETTINGS[hooks.provider];
  const plugin = HOOK_PLUGINS[hooks.provider];
  const files =
    settings === undefined
      ? plugin === undefined
        ? []
        : await pluginFiles(ctx, plugin, { path, folder: join(folder, hooks.dir) })
      : await settingsFiles(ctx, settings, { path, target, layers: layersFileOf({ hooks, folder }) });
  return files.filter(({ before, content }) => before !== content);
}

/** Beside the settings: the layers as they were written there, so that what leaves a layer leaves the settings. */
export function layersFileOf({ hooks, folder }: Pick<HookPlace, 'hooks' | 'folder'>): string {
  return join(folder, hooks.dir, 'gt-hooks.json');
}

interface SettingsPlace {
  readonly path: string;
  readonly target: HookTarget;
  readonly layers: string;
}

async function settingsFiles(
  ctx: TownContext,
  settings: HookSettings,
  { path, target, layers }: SettingsPlace,
): Promise<readonly HookFile[]> {
  const { files } = ctx.ports;
  const existing = await readJsonFile(files, path);
  const layered = settings.takesLayers === true ? await readLayered(ctx, target, layers) : NO_LAYERS;
  const wanted = withHooks(existing ?? {}, settings, gtProgram(ctx.gtArgv), layered);
  const before = await files.readText(path);
  // Only what it says counts: a person may have laid it out in another way.
  const same = JSON.stringify(existing) === JSON.stringify(wanted);
  const content = same && before !== undefined ? before : formatJson(wanted);
  return [{ path, content, mode: 0o600, before }, ...(await layersFile(ctx, layered.layer, layers))];
}

async function readLayered(ctx: TownContext, target: HookTarget, path: string): Promise<LayeredHooks> {
  return { layer: await readLayers(ctx, target), written: (await readLayer(ctx, path)) ?? {} };
}

async function layersFile(ctx: TownContext, layer: HookLayer, path: string): Promise<readonly HookFile[]> {
  const before = await ctx.ports.files.readText(path);
  if (before === undefined && Object.keys(layer).length === 0) return [];
  return [{ path, content: formatJson(layer), mode: 0o600, before, isNote: true }];
}

async function pluginFiles(
  ctx: TownContext,
  plugin: HookPlugin,
  { path, folder }: { readonly path: string; readonly folder: string },
): Promise<readonly HookFile[]> {
  const { files } = ctx.ports;
  const parts = await Promise.all(
    ['call-gt.js', plugin.template].map((name) => readTemplate(ctx, join('runtimes', name))),
  );
  const [common = '', own = ''] = parts;
  const content = pluginText([common, own], plugin, {
    gt: gtProgram(ctx.gtArgv),
    log: join(ctx.root, 'logs/agent-hooks.log'),
  });
  const companions = await Promise.all(
    Object.entries(plugin.companions).map(async ([name, initial]) => {
      const before = await files.readText(join(folder, name));
      return { path: join(folder, name), content: before ?? initial, mode: 0o644, before };
    }),
  );
  return [{ path, content, mode: 0o644, before: await files.readText(path) }, ...companions];
}
