import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { explainKey } from '../../rig/explain.ts';
import { PROPERTY_TABLE } from '../../rig/property-keys.ts';
import { keyNames } from '../../town/layers.ts';
import { renderProperties } from '../../ui/text/rig-properties.ts';

export const schema = z.array(
  z.strictObject({
    key: z.string(),
    value: z.unknown(),
    source: z.string(),
    layers: z.optional(z.array(z.strictObject({ place: z.string(), value: z.unknown() }))),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  const names = keyNames(PROPERTY_TABLE);
  const keys = await Promise.all(names.map((name) => explainKey(ctx, { name, rig: rig.name, cwd: app.cwd })));
  const withLayers = input.bool('layers');
  const data = keys.map(({ key, value, places }) => ({
    key,
    value,
    source: places.find(({ state }) => state === 'acts' || state === 'blocks')?.place ?? 'default',
    ...(withLayers ? { layers: places.map(({ place, raw }) => ({ place, value: raw ?? null })) } : {}),
  }));
  return {
    data,
    text: () => renderProperties({ rig: rig.name, keys, root: ctx.root, withLayers }, app.output),
    warnings: keys.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
  };
}
