import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { baseLayerPath, overridePath, parseLayer, readLayer } from '../../runtimes/hook-files/layers.ts';
import type { HookLayer } from '../../runtimes/hook-files/layers.ts';
import { layersFileOf } from '../../runtimes/hook-files/plan.ts';
import { HOOK_SETTINGS, foreignHooks } from '../../runtimes/hook-files/settings.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import type { TargetFiles } from '../../runtimes/hook-files/targets.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  written: z.array(z.object({ path: z.string(), hooks: z.record(z.string(), z.array(z.unknown())) })),
});

/** What all targets have becomes the base, the rest overrides. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const dryRun = input.bool('dry-run');
  const layers = await planLayers(town);
  const taken = (
    await Promise.all(
      layers.map(async ({ path }) => ((await readLayer(town, path)) === undefined ? [] : [path])),
    )
  ).flat();
  if (taken.length > 0) {
    throw new RefusedError({
      code: 'hooks.layer-exists',
      message: `${taken[0]} is there already`,
      hint: 'Edit it: gt hooks base, gt hooks override <target>',
    });
  }
  for (const { path, layer } of layers)
    if (!dryRun) await town.ports.files.writeAtomic(path, formatJson(layer), { mode: 0o600 });
  const lines = layers.map(({ path, layer }) => {
    const count = Object.values(layer).flat().length;
    return `${dryRun ? 'Would write' : 'Wrote'} ${path}: ${count} of your hooks`;
  });
  return {
    data: { written: layers.map(({ path, layer }) => ({ path, hooks: layer })) },
    text: lines.length === 0 ? 'The files hold no hooks of your own' : lines.join('\n'),
  };
}

interface PlannedLayer {
  readonly path: string;
  readonly layer: HookLayer;
}

async function planLayers(town: TownContext): Promise<readonly PlannedLayer[]> {
  const targets = (await readHookTargets(town)).filter(
    ({ place, exists }) => exists && HOOK_SETTINGS[place.hooks.provider]?.takesLayers === true,
  );
  const own = await Promise.all(targets.map((target) => ownLayer(town, target)));
  const shared = own.length === 0 ? {} : own.reduce((all, layer) => keep(all, (has) => contains(layer, has)));
  const rest = targets.map(({ place }, index) => ({
    path: overridePath(town, place.target),
    layer: keep(own[index] ?? {}, (has) => !contains(shared, has)),
  }));
  return [{ path: baseLayerPath(town), layer: shared }, ...rest].filter(
    ({ layer }) => Object.keys(layer).length > 0,
  );
}

/** What a person has written into the file by hand. */
async function ownLayer(town: TownContext, { path, place }: TargetFiles): Promise<HookLayer> {
  const doc = (await readJsonFile(town.ports.files, path)) ?? {};
  const written = (await readLayer(town, layersFileOf(place))) ?? {};
  return parseLayer(
    keep(foreignHooks(doc, [written]), () => true),
    path,
  );
}

type Entries = Readonly<Record<string, readonly unknown[]>>;
interface Has {
  readonly event: string;
  readonly text: string;
}

function keep<T extends Entries>(layer: T, wanted: (has: Has) => boolean): T {
  const kept = Object.entries(layer).flatMap(([event, entries]) => {
    const those = entries.filter((entry) => wanted({ event, text: JSON.stringify(entry) }));
    return those.length === 0 ? [] : [[event, those]];
  });
  return Object.fromEntries(kept) as T;
}

function contains(layer: HookLayer, { event, text }: Has): boolean {
  return (layer[event] ?? []).some((entry) => JSON.stringify(entry) === text);
}
