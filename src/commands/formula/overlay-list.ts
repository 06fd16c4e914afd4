import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { parseOverlay } from '../../formulas/overlay.ts';
import { listRigs } from '../../rig/registry.ts';

export const schema = z.array(
  z.object({ formula: z.string(), scope: z.string(), path: z.string(), steps: z.number() }),
);

const ENDING = '.toml';

/** Overlay files of the town and its rigs; a rig's hides the town's. */
export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { files } = town.ports;
  const scopes = ['town', ...(await listRigs(town)).map((rig) => rig.name)];
  const found: z.infer<typeof schema> = [];
  for (const scope of scopes) {
    const folder = join(town.root, scope === 'town' ? '' : scope, 'formula-overlays');
    for (const { name } of (await files.list(folder)) ?? []) {
      if (!name.endsWith(ENDING)) continue;
      const path = join(folder, name);
      const steps = parseOverlay((await files.readText(path)) ?? '', path).length;
      found.push({ formula: name.slice(0, -ENDING.length), scope, path, steps });
    }
  }
  const lines = found.map(({ formula, scope, path, steps }) => `${formula} (${scope}, ${steps}): ${path}`);
  return {
    data: found,
    text: lines.join('\n') || 'No overlays. Make one: gt formula overlay edit <formula>',
  };
}
