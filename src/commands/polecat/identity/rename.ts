import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { parseWorkerName } from '../../../core/names.ts';
import { counted } from '../../../core/text.ts';
import { readBackCommand } from '../../../hooks/rescue-ref.ts';
import { renameIdentity } from '../../../polecat/identity/rename.ts';
import { rigNamed } from '../../../rig/registry.ts';
import { actingTown } from '../../acting-town.ts';

export const schema = z.object({
  rig: z.string(),
  from: z.string(),
  to: z.string(),
  beads: z.number(),
  read_back: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = await rigNamed(town, input.arg('rig'));
  const [from, to] = [input.arg('old-name'), parseWorkerName(input.arg('new-name'))];
  const { beads, rescued } = await renameIdentity(town, rig, { from, to });
  const readBack = rescued.map(readBackCommand);
  const text = [
    `${app.output.style.green('✓')} ${rig.name}/${from} is ${rig.name}/${to} now, with its history (${counted(beads, 'bead')})`,
    ...readBack.map((command) => `  what only its worktree had is kept: ${command}`),
  ].join('\n');
  return { data: { rig: rig.name, from, to, beads, read_back: readBack }, text };
}
