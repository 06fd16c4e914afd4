import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { createIntegration } from '../../../refinery/integration/create.ts';
import { actingTown } from '../../acting-town.ts';

export const schema = z.object({ epic: z.string(), branch: z.string(), base_branch: z.string() });

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const made = await createIntegration(await actingTown(app), {
    epic: input.arg('epic'),
    branch: input.flag('branch'),
    base: input.flag('base-branch'),
    force: input.bool('force'),
  });
  const { epic, branch, base } = made;
  return {
    data: { epic, branch, base_branch: base },
    text: `${app.output.style.green('✓')} Work of ${epic} is gathered on ${branch}, from ${base}`,
  };
}
