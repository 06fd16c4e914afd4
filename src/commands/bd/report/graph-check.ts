import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { readCycles } from '../link/dep-cycles.ts';
import { openBeads } from '../open.ts';

export const schema = z.object({
  clean: z.boolean(),
  cycles: z.array(z.array(z.string())),
  summary: z.object({ cycle_count: z.number() }),
});

/** Looks for circles of dependencies. Exit 1 when there are any. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { home } = await openBeads(app, input);
  const { cycles, text } = await readCycles(home);
  const clean = cycles.length === 0;
  return { data: { clean, cycles, summary: { cycle_count: cycles.length } }, text, exitCode: clean ? 0 : 1 };
}
