import { isAbsolute } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { UsageError } from '../core/errors.ts';
import { nearestHint } from '../core/nearest.ts';
import { valueAt } from '../town/json-file.ts';
import { lineOfKey } from '../town/json-line.ts';
import type { SettingKey } from '../town/key-kinds.ts';
import { keyNames, pathOf, sets, settingsOf, specOf, takes } from '../town/layers.ts';
import type { KeyReport, KeyTable, Layer } from '../town/layers.ts';
import { TOWN_TABLE } from '../town/settings-keys.ts';
import { readTownLayers } from '../town/settings.ts';
import { chooseRig } from './choose-rig.ts';
import { readPropertyLayers } from './properties.ts';
import { PROPERTY_TABLE } from './property-keys.ts';
import type { Rig } from './registry.ts';
import { RIG_TABLE } from './settings-keys.ts';
import { readRigLayers } from './settings.ts';

/** One place that may say what a key is. */
export interface PlaceReport {
  /** Path of the file, or what else it is. */
  readonly place: string;
  /** From 1; undefined = not in it, or no file. */
  readonly line: number | undefined;
  /** The JSON there; undefined = it says nothing. */
  readonly raw: unknown;
  readonly state: 'acts' | 'overruled' | 'blocks' | 'silent';
}

/** Everything about a key: what it is now, why, and how to change it. */
export interface KeyExplanation extends Omit<KeyReport, 'source'> {
  readonly noun: string;
  readonly rig: string | undefined;
  readonly expects: string;
  /** As typed; '' when there is none. */
  readonly fallback: string;
  /** Set for another program that reads the same file. */
  readonly inert: boolean;
  /** What all places say is added up; else the first that says something counts. */
  readonly sums: boolean;
  /** The strongest first. */
  readonly places: readonly PlaceReport[];
  /** Command lines without the value. */
  readonly set: string;
  readonly unset: string;
}

type AnyTable = KeyTable<Readonly<Record<string, SettingKey<unknown>>>>;

interface Subject {
  readonly table: AnyTable;
  readonly layers: readonly Layer[];
  readonly rig?: Rig;
  /** `set` and `unset` command lines; the key follows. */
  readonly command: (verb: 'set' | 'unset') => string;
}

/**
 * Explains a setting of the town, a setting or a property of a rig: `rig` names which, default by the folder. A name
 * that both have is the town's unless a rig is named. UsageError `config.unknown-key`, `rig.not-named`.
 */
export async function explainKey(
  ctx: TownContext,
  asked: { readonly name: string; readonly rig: string; readonly cwd: string },
): Promise<KeyExplanation> {
  const { name } = asked;
  const { table, layers, rig, command } = await subjectOf(ctx, asked);
  const { source: _files, ...report } = settingsOf(table, layers).report(name);
  const spec = specOf(table, name);
  return {
    ...report,
    noun: table.noun,
    rig: rig?.name,
    expects: spec.kind.expects,
    fallback: spec.fallback === undefined ? '' : spec.kind.show(spec.fallback),
    inert: spec.inert === true,
    sums: spec.sums === true,
    places: await placesOf(ctx, { table, layers }, name),
    set: `${command('set')} ${name}`,
    unset: `${command('unset')} ${name}`,
  };
}

async function subjectOf(
  ctx: TownContext,
  { name, rig, cwd }: { readonly name: string; readonly rig: string; readonly cwd: string },
): Promise<Subject> {
  const has = (table: AnyTable): boolean => Object.hasOwn(table.keys, name);
  const isRigs = has(PROPERTY_TABLE) || has(RIG_TABLE);
  if (has(TOWN_TABLE) && !(isRigs && rig !== '')) {
    return {
      table: TOWN_TABLE,
      layers: await readTownLayers(ctx),
      command: (verb) => `gt config ${verb}`,
    };
  }
  if (!isRigs) throw unknownKey(name);
  const found = await chooseRig(ctx, { name: rig, cwd });
  if (has(RIG_TABLE)) {
    return {
      table: RIG_TABLE,
      layers: await readRigLayers(ctx, found),
      rig: found,
      command: (verb) => `gt rig settings ${verb} ${found.name}`,
    };
  }
  return {
    table: PROPERTY_TABLE,
    layers: await readPropertyLayers(ctx, found),
    rig: found,
    command: (verb) => `gt rig config ${verb} ${found.name}`,
  };
}

function unknownKey(name: string): UsageError {
  const all = [TOWN_TABLE, RIG_TABLE, PROPERTY_TABLE].flatMap((table) => keyNames<AnyTable['keys']>(table));
  return new UsageError({
    code: 'config.unknown-key',
    message: `unknown setting '${name.slice(0, 80)}'`,
    hint: nearestHint(name, all, 'Run: gt config list, gt rig settings show <rig> --all'),
  });
}

async function placesOf(
  ctx: TownContext,
  { table, layers }: Pick<Subject, 'table' | 'layers'>,
  name: string,
): Promise<readonly PlaceReport[]> {
  const spec = specOf(table, name);
  const able = layers.filter((layer) => takes(layer, spec));
  const stop = able.findIndex(({ blocks }) => blocks?.includes(name) ?? false);
  const first = able.findIndex((layer) => sets(layer, spec, name));
  return Promise.all(
    able.map(async (layer, index): Promise<PlaceReport> => {
      const path = pathOf(table, name);
      const raw = valueAt(layer.doc, path) ?? undefined;
      const file = isAbsolute(layer.path) ? await ctx.ports.files.readText(layer.path) : undefined;
      const line = raw === undefined ? undefined : lineOfKey(file ?? '', [...(layer.at ?? []), ...path]);
      return { place: layer.path, line, raw, state: stateOf() };
      function stateOf(): PlaceReport['state'] {
        if (index === stop) return 'blocks';
        if (raw === undefined) return 'silent';
        const isPast = stop !== -1 && index > stop;
        return !isPast && (index === first || spec.sums === true) ? 'acts' : 'overruled';
      }
    }),
  );
}
