import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';

export const schema = z.object({ synced: z.boolean(), message: z.string() });

const NOTICE =
  'bd sync does nothing: every write is in the database at once. To share beads: bd export, bd dolt push';

/** Older prompts call it; git is never touched. */
export function run(_app: AppContext, _input: CommandInput): Promise<CommandReply> {
  return Promise.resolve({ data: { synced: false, message: NOTICE }, text: NOTICE });
}
