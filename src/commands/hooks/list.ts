import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { TownContext } from '../../beads/context.ts';
import {
  baseLayerPath,
  overridePath,
  overridesFolder,
  targetName,
} from '../../runtimes/hook-files/layers.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import type { TargetFiles } from '../../runtimes/hook-files/targets.ts';
import { renderTable } from '../../ui/text/table.ts';

export const schema = z.object({
  targets: z.array(
    z.object({
      target: z.string(),
      /** Layers that there are for it. */
      overrides: z.array(z.string()),
      status: z.enum(['in sync', 'out of sync', 'missing', 'error']),
      path: z.string(),
      exists: z.boolean(),
      error: z.optional(z.string()),
    }),
  ),
  base_path: z.string(),
  overrides_dir: z.string(),
});

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const found = await readHookTargets(town);
  const targets = await Promise.all(
    found.map(async (files) => ({
      target: files.target,
      overrides: await overridesOf(town, files),
      status: statusOf(files),
      path: files.path,
      exists: files.exists,
      ...(files.error === undefined ? {} : { error: files.error.message }),
    })),
  );
  const data = { targets, base_path: baseLayerPath(town), overrides_dir: overridesFolder(town) };
  const text = renderTable<(typeof targets)[number]>(
    [
      { title: 'Target', value: (row) => row.target },
      { title: 'Status', value: (row) => row.error ?? row.status },
      { title: 'Overrides', value: (row) => row.overrides.join(', ') },
      { title: 'File', value: (row) => row.path, flexible: true },
    ],
    targets,
    app.output,
  );
  const pending = targets.some(({ status }) => status === 'missing' || status === 'out of sync');
  return { data, text: [text, ...(pending ? ['', 'Write them: gt hooks sync'] : [])].join('\n') };
}

export function statusOf({
  error,
  exists,
  changes,
}: TargetFiles): 'in sync' | 'out of sync' | 'missing' | 'error' {
  if (error !== undefined) return 'error';
  if (!exists) return 'missing';
  return changes.every(({ isNote }) => isNote === true) ? 'in sync' : 'out of sync';
}

async function overridesOf(
  town: TownContext,
  { place: { target } }: TargetFiles,
): Promise<readonly string[]> {
  const candidates = [{ role: target.role }, ...(target.rig === undefined ? [] : [target])];
  const there = await Promise.all(
    candidates.map(async (each) => (await town.ports.files.stat(overridePath(town, each))) !== undefined),
  );
  return candidates.filter((_, index) => there[index]).map(targetName);
}
