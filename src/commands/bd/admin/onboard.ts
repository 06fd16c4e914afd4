import * as z from 'zod/mini';
import { INSTRUCTIONS } from '../../../beads/setup/texts.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';

export const schema = z.object({ text: z.string() });

/** What to tell an agent that bd setup does not know. */
export function run(_app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const text = [
    'bd setup <agent> writes this where the agent looks (bd setup --list). For any other agent, put it into the',
    'file of instructions that it reads, such as AGENTS.md:',
    '',
    INSTRUCTIONS,
  ].join('\n');
  return Promise.resolve({ data: { text: INSTRUCTIONS }, text });
}
