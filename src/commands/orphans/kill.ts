import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { dropOrphans } from '../../polecat/orphans/drop.ts';
import type { Dropped } from '../../polecat/orphans/drop.ts';
import { renderDropped } from '../../ui/text/orphans.ts';
import { actingTown } from '../acting-town.ts';
import { findOrphans, orphanJson, orphanSchema } from './list.ts';

export const schema = z.object({
  dry_run: z.boolean(),
  branches: z.array(z.extend(orphanSchema, { rescue_ref: z.optional(z.string()), stays: z.boolean() })),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const dryRun = input.bool('dry-run');
  const found = await findOrphans(town, input);
  const dropped: Dropped[] = [];
  for (const { rig, orphans } of found) {
    const branches = orphans.filter(({ kind }) => kind === 'branch');
    if (!dryRun) dropped.push(...(await dropOrphans(town, rig, branches)));
    else dropped.push(...branches.map((orphan) => ({ orphan, ref: undefined, stays: false })));
  }
  const branches = dropped.map(({ orphan, ref, stays }) => ({
    ...orphanJson(orphan),
    ...(ref === undefined ? {} : { rescue_ref: ref }),
    stays,
  }));
  return { data: { dry_run: dryRun, branches }, text: () => renderDropped(dropped, dryRun, app.output) };
}
