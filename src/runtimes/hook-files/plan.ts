import { join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import { readTemplate } from '../../town/template.ts';
import { gtProgram } from '../gt-command.ts';
import type { RuntimeHooks } from '../types.ts';
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
}

/**
 * The hook files of one runtime below `folder`; those that are as they should be are left out. UnreadableError
 * `file.corrupt` for a user's malformed file, which then stays as it is.
 */
export async function planHookFiles(
  ctx: TownContext,
  hooks: RuntimeHooks,
  folder: string,
): Promise<readonly HookFile[]> {
  const path = join(folder, hooks.file);
  const settings = HOOK_SETTINGS[hooks.provider];
  const plugin = HOOK_PLUGINS[hooks.provider];
  const files =
    settings === undefined
      ? plugin === undefined
        ? []
        : await pluginFiles(ctx, plugin, { path, folder: join(folder, hooks.dir) })
      : [await settingsFile(ctx, settings, path)];
  return files.filter(({ before, content }) => before !== content);
}

async function settingsFile(ctx: TownContext, settings: HookSettings, path: string): Promise<HookFile> {
  const { files } = ctx.ports;
  const existing = await readJsonFile(files, path);
  const wanted = withHooks(existing ?? {}, settings, gtProgram(ctx.gtArgv));
  const before = await files.readText(path);
  // Only what it says counts: a person may have laid it out in another way.
  const same = JSON.stringify(existing) === JSON.stringify(wanted);
  return { path, content: same && before !== undefined ? before : formatJson(wanted), mode: 0o600, before };
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
