import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { counted } from '../../core/text.ts';
import { readHookTargets } from '../../runtimes/hook-files/targets.ts';
import { writeHookFiles } from '../../runtimes/provider-files.ts';
import { actingTown } from '../acting-town.ts';
import { statusOf } from './list.ts';

export const schema = z.object({
  written: z.array(z.object({ target: z.string(), path: z.string(), how: z.enum(['created', 'changed']) })),
  /** As they should be. */
  unchanged: z.number(),
  errors: z.array(z.object({ target: z.string(), path: z.string(), error: z.string() })),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const dryRun = input.bool('dry-run');
  const targets = await readHookTargets(town);
  for (const { changes } of targets) if (!dryRun) await writeHookFiles(town, changes);
  const written = targets.flatMap(({ target, changes }) =>
    changes
      .filter(({ isNote }) => isNote !== true)
      .map(({ path, before }) => ({
        target,
        path,
        how: before === undefined ? ('created' as const) : ('changed' as const),
      })),
  );
  const errors = targets.flatMap(({ target, path, error }) =>
    error === undefined ? [] : [{ target, path, error: error.message }],
  );
  const unchanged = targets.filter((target) => statusOf(target) === 'in sync').length;
  const words = dryRun
    ? { created: 'Would create', changed: 'Would change' }
    : { created: 'Created', changed: 'Changed' };
  return {
    data: { written, unchanged, errors },
    text: [
      ...written.map(({ target, path, how }) => `${words[how]} ${path} (${target})`),
      `${counted(unchanged, 'target')} as it should be`,
    ].join('\n'),
    warnings: errors.map(({ target, error }) => `${target}: left as it is: ${error}`),
    exitCode: errors.length === 0 ? 0 : 1,
  };
}
