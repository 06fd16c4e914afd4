import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { findKept } from '../../hooks/rescue-list.ts';
import { parseTarget, restoreKept } from '../../hooks/rescue-restore.ts';
import { renderRestored } from '../../ui/text/rescues.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  ref: z.string(),
  folder: z.optional(z.string()),
  branch: z.optional(z.string()),
  left_out: z.array(z.string()),
  notes: z.array(z.string()),
  dry_run: z.boolean(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const work = await findKept(town, input.arg('rescue'));
  const target = parseTarget(work, input.flag('to'), { cwd: app.cwd, home: app.env['HOME'] ?? '' });
  const dryRun = input.bool('dry-run');
  const { step, notes } = await restoreKept(town, { work, target, dryRun });
  const data = {
    ref: work.name.ref,
    ...(step.do === 'make-folder' ? { folder: step.path } : { branch: step.name }),
    left_out: step.do === 'make-branch' ? [...step.leaves] : [],
    notes: [...notes],
    dry_run: dryRun,
  };
  return { data, text: renderRestored(data, { bare: work.home.paths.bare, paint: app.output.style }) };
}
