import { INTENTS } from './intents.ts';

/** A runtime whose hooks are a program of ours that it loads. */
export interface HookPlugin {
  /** In templates/runtimes, behind the common part. */
  readonly template: string;
  /** More places of the template. */
  readonly values: Readonly<Record<string, string>>;
  /** Files that must be there but whose content is the runtime's own business; path below the hooks folder. */
  readonly companions: Readonly<Record<string, string>>;
}

/**
 * With a plugin anywhere opencode first installs @opencode-ai/plugin (64 MB) into each of its folders, and offline
 * waits for that for ever. It does not when a lock file names the package and node_modules is there. Ours imports
 * nothing, so nothing is missing.
 */
const OPENCODE_INSTALLED = {
  'package-lock.json': `${JSON.stringify({
    name: 'gastown-hooks',
    lockfileVersion: 3,
    packages: { '': { dependencies: { '@opencode-ai/plugin': '*' } } },
  })}\n`,
  'node_modules/.gastown': '',
};

/** By the provider's name in a preset. */
export const HOOK_PLUGINS: Readonly<Record<string, HookPlugin>> = {
  opencode: { template: 'opencode.js', values: {}, companions: OPENCODE_INSTALLED },
  pi: { template: 'pi.js', values: { turnEnd: 'agent_settled' }, companions: {} },
  omp: { template: 'pi.js', values: { turnEnd: 'agent_end' }, companions: {} },
};

export interface PluginPlaces {
  /** Absolute path of gt. */
  readonly gt: string;
  /** File that takes what goes wrong. */
  readonly log: string;
}

/** The program: the common part and the runtime's, with `'{{name}}'` replaced by values written as JavaScript. */
export function pluginText(
  [common, own]: readonly [string, string],
  plugin: HookPlugin,
  places: PluginPlaces,
): string {
  const calls = Object.fromEntries(
    Object.entries(INTENTS).map(([intent, words]) => [intent, words.split(' ')]),
  );
  const values: Readonly<Record<string, unknown>> = { ...plugin.values, ...places, calls };
  return `${common}\n${own}`.replaceAll(/'\{\{(\w+)\}\}'/g, (_place, name: string) =>
    JSON.stringify(values[name]),
  );
}
