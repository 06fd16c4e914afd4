import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import type { Role } from '../../core/address.ts';
import type { RigName } from '../../core/names.ts';
import { corrupt, isJsonObject, readJsonFile } from '../../town/json-file.ts';
import type { JsonObject } from '../../town/json-file.ts';
import { describeIssue } from '../../town/town-file.ts';
import { isOurCommand } from './intents.ts';

/**
 * What people add to gt's own hooks, as Claude Code writes hooks: by event, entries with a matcher. An entry with no
 * hooks takes what has its event and matcher away, gt's own too.
 */
export type HookLayer = Readonly<Record<string, readonly HookEntry[]>>;

export type HookEntry = JsonObject & { readonly matcher: string; readonly hooks: readonly unknown[] };

/** Of one role: the layers put together. */
export interface LayeredHooks {
  readonly layer: HookLayer;
  /** What was written for it last: where it stands in a file, it is not the person's own. */
  readonly written: HookLayer;
}

export const NO_LAYERS: LayeredHooks = { layer: {}, written: {} };

/** Whose hooks a file of layers is for: one role, everywhere or in one rig. */
export interface HookTarget {
  readonly role: Role;
  readonly rig?: RigName | undefined;
}

type Place = Pick<TownContext, 'env' | 'ports'>;

function folderOf({ env }: Pick<Place, 'env'>): string {
  return join(env['GT_HOME'] || env['HOME'] || '/', '.gt');
}

export function baseLayerPath(place: Pick<Place, 'env'>): string {
  return join(folderOf(place), 'hooks-base.json');
}

export function overridesFolder(place: Pick<Place, 'env'>): string {
  return join(folderOf(place), 'hooks-overrides');
}

export function overridePath(place: Pick<Place, 'env'>, target: HookTarget): string {
  return join(overridesFolder(place), `${targetName(target).replace('/', '__')}.json`);
}

/** `polecats`, `shop/crew`. */
export function targetName({ role, rig }: HookTarget): string {
  const name = role === 'polecat' ? 'polecats' : role;
  return rig === undefined ? name : `${rig}/${name}`;
}

/** Base, role, role of the rig; the later say more. UnreadableError `file.corrupt`: no hook is left out by mistake. */
export async function readLayers(place: Place, { role, rig }: HookTarget): Promise<HookLayer> {
  const paths = [
    baseLayerPath(place),
    overridePath(place, { role }),
    ...(rig === undefined ? [] : [overridePath(place, { role, rig })]),
  ];
  return mergeLayers(await Promise.all(paths.map(async (path) => (await readLayer(place, path)) ?? {})));
}

const layerSchema = z.record(
  z.string().check(z.regex(/^[A-Z][A-Za-z]+$/)),
  z.array(z.looseObject({ matcher: z._default(z.string(), ''), hooks: z.array(z.unknown()) })),
);

/** One file; undefined when it is not there. The hooks may stand below `hooks`, as in a settings file. */
export async function readLayer({ ports }: Place, path: string): Promise<HookLayer | undefined> {
  const doc = await readJsonFile(ports.files, path);
  return doc === undefined ? undefined : parseLayer(isJsonObject(doc['hooks']) ? doc['hooks'] : doc, path);
}

export function parseLayer(doc: JsonObject, path: string): HookLayer {
  const parsed = layerSchema.safeParse(doc);
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  for (const [event, entries] of Object.entries(parsed.data)) {
    const matchers = entries.map(({ matcher }) => matcher);
    const twice = matchers.find((matcher, index) => matchers.indexOf(matcher) !== index);
    if (twice !== undefined) throw corrupt(path, `${event} has the matcher '${twice}' twice`);
  }
  return parsed.data;
}

/** Per event the same matcher replaces, a new one is added. gt's own commands are left out: gt adds them by itself. */
function mergeLayers(layers: readonly HookLayer[]): HookLayer {
  const events = [...new Set(layers.flatMap((layer) => Object.keys(layer)))];
  return Object.fromEntries(
    events.flatMap((event) => {
      const merged = new Map<string, HookEntry>();
      for (const entry of layers.flatMap((layer) => layer[event] ?? [])) {
        const hooks = entry.hooks.filter((hook) => !isOurHook(hook));
        // One that held nothing but gt's commands says nothing of its own; an empty one takes away.
        if (hooks.length > 0 || entry.hooks.length === 0) merged.set(entry.matcher, { ...entry, hooks });
      }
      return merged.size === 0 ? [] : [[event, [...merged.values()]] as const];
    }),
  );
}

/** A command that some gt has written. */
export function isOurHook(hook: unknown): boolean {
  if (!isJsonObject(hook)) return false;
  return [hook['command'], hook['bash']].some((text) => typeof text === 'string' && isOurCommand(text));
}
