import { basename } from 'node:path';
import { NotFoundError } from '../core/errors.ts';
import type { AgentFiles } from './agent-files.ts';
import { presetOfAgent, presetSchema } from './preset.ts';
import type { AgentDefinition, Preset } from './preset.ts';
import { PRESETS, SCRIPT_RUNTIME } from './presets.ts';
import { makeRecord, scriptRecord } from './record.ts';
import type { RuntimeRecord } from './types.ts';

/** All agents that a role could be given: built-in, overlaid by agents.json, and custom. */
export interface Catalog {
  /** undefined = no agent of that name. `name` may be followed by extra arguments: `opencode acp`. */
  find(name: string): RuntimeRecord | undefined;
  /** NotFoundError `agent.not-found`. */
  get(name: string): RuntimeRecord;
  /** The record of an unnamed definition (a rig's `runtime` block). */
  of(name: string, definition: AgentDefinition): RuntimeRecord;
  readonly names: readonly string[];
}

/** Look-up order: rig `agents`, town `agents`, then agents.json over the built-in table, rig over town. */
export function makeCatalog(files: AgentFiles, gtArgv: readonly [string, ...string[]]): Catalog {
  const registry = overlaid(files.registries);
  const custom = new Map(files.custom.flatMap((agents) => Object.entries(agents)));
  const of = (name: string, definition: AgentDefinition): RuntimeRecord =>
    customRecord(name, definition, registry);
  const named = (name: string): RuntimeRecord | undefined => {
    if (name === SCRIPT_RUNTIME) return scriptRecord(gtArgv);
    const definition = custom.get(name);
    if (definition !== undefined) return of(name, definition);
    return registryRecord(name, registry);
  };
  const find = (text: string): RuntimeRecord | undefined => {
    const whole = named(text);
    const [first = '', ...extra] = text.trim().split(/\s+/);
    const record = whole ?? named(first);
    if (record === undefined || whole !== undefined || extra.length === 0) return record;
    return { ...record, args: [...record.args, ...extra] };
  };
  const names = [...new Set([...registry.keys(), ...custom.keys(), SCRIPT_RUNTIME])].sort();
  const get = (name: string): RuntimeRecord => {
    const record = find(name);
    if (record === undefined) throw notFound(name, names);
    return record;
  };
  return { find, get, of, names };
}

type Registry = ReadonlyMap<string, { readonly preset: Preset; readonly custom: boolean }>;

/** agents.json files merged key by key over the built-in of the same name, later files win. */
function overlaid(files: AgentFiles['registries']): Registry {
  const registry = new Map(
    Object.entries(PRESETS).map(([name, preset]) => [name, { preset, custom: false }]),
  );
  for (const [name, overlay] of files.flatMap((agents) => Object.entries(agents))) {
    const known = registry.get(name);
    registry.set(name, { preset: withOverlay(known?.preset, overlay), custom: known?.custom ?? true });
  }
  return registry;
}

/** Key by key; variables are added to those of the base, which may be what keeps the agent from asking. */
function withOverlay(base: Preset | undefined, overlay: Preset): Preset {
  const env = { ...base?.env, ...overlay.env };
  const under = withHooksOf(overlay.hooks_provider, base);
  return { ...under, ...overlay, ...(Object.keys(env).length === 0 ? {} : { env }) };
}

const HOOK_PLACE = [
  'hooks_dir',
  'hooks_settings_file',
  'hooks_use_settings_dir',
  'hooks_flag',
  'hooks_dir_env',
];

/** Another provider's hooks lie where that one looks for them, not where the base does. */
function withHooksOf(provider: string | undefined, base: Preset | undefined): Preset {
  if (provider === undefined || provider === base?.hooks_provider) return { ...base };
  const place = Object.entries(PRESETS[provider] ?? {}).filter(([key]) => HOOK_PLACE.includes(key));
  const rest = Object.entries(base ?? {}).filter(([key]) => !HOOK_PLACE.includes(key));
  return presetSchema.parse(Object.fromEntries([...rest, ...place]));
}

function registryRecord(name: string, registry: Registry): RuntimeRecord | undefined {
  const entry = registry.get(name);
  if (entry === undefined) return undefined;
  if (!entry.custom) return makeRecord({ name, presetName: name, ...entry });
  const base = presetBehind(undefined, entry.preset.command ?? name, registry);
  return makeRecord({
    name,
    presetName: base.name,
    preset: withOverlay(base.preset, entry.preset),
    custom: true,
  });
}

function customRecord(name: string, definition: AgentDefinition, registry: Registry): RuntimeRecord {
  const base = presetBehind(definition.provider, definition.command ?? name, registry);
  return makeRecord({
    name,
    presetName: base.name,
    preset: { ...withOverlay(base.preset, presetOfAgent(definition)), proven: false },
    custom: true,
  });
}

/**
 * Gaps are filled by the named provider, else by who owns the command's base name. Any other program is `plain`: it
 * gets no flags, no hooks, and its first prompt is typed.
 */
function presetBehind(
  provider: string | undefined,
  command: string,
  registry: Registry,
): { readonly name: string; readonly preset: Preset } {
  for (const name of [provider, basename(command).replace(/^gt-/, '')]) {
    const entry = name === undefined ? undefined : (registry.get(name) ?? byCommand(name, registry));
    if (name !== undefined && entry !== undefined) return { name, preset: entry.preset };
  }
  return { name: 'plain', preset: {} };
}

function byCommand(command: string, registry: Registry) {
  return [...registry.values()].find((entry) => !entry.custom && entry.preset.command === command);
}

function notFound(name: string, names: readonly string[]): NotFoundError {
  return new NotFoundError({
    code: 'agent.not-found',
    message: `agent '${name.slice(0, 60)}' not found`,
    hint: `Known: ${names.join(', ')}. Run: gt config agent set ${name.split(' ')[0] ?? 'NAME'} '<command>'`,
  });
}
