import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { initPool } from '../../polecat/pool-init.ts';
import { rigNamed } from '../../rig/registry.ts';
import { renderPoolInit } from '../../ui/text/polecat-care.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  rig: z.string(),
  size: z.number(),
  existing: z.array(z.string()),
  made: z.array(z.string()),
  dry_run: z.boolean(),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigNamed(town, input.arg('rig'));
  const dryRun = input.bool('dry-run');
  const { size, existing, made } = await initPool(town, rig, { size: input.number('size'), dryRun });
  const names = made.map(({ name }) => name);
  const data = { rig: rig.name, size, existing: [...existing], made: names, dry_run: dryRun };
  const warnings = made.flatMap(({ name, warnings: all }) => all.map((warning) => `${name}: ${warning}`));
  return { data, text: renderPoolInit(data, app.output.style), warnings };
}
