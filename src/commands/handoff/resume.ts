import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { Message } from '../../beads/forms/message-row.ts';
import { printable } from '../../core/text.ts';
import { handoffsIn } from '../../mail/handoff-mail.ts';
import { readInbox } from '../../mail/inbox.ts';

export const schema = z.array(
  z.object({
    id: z.string(),
    from: z.string(),
    subject: z.string(),
    body: z.string(),
    read: z.boolean(),
    timestamp: z.string(),
  }),
);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rows = handoffsIn(await readInbox(town, town.actor)).map(rowOf);
  const pages = rows.map(
    (row) => `${row.id} from ${row.from}, ${row.timestamp}\n${row.subject}\n\n${row.body}`,
  );
  return { data: rows, text: rows.length === 0 ? 'No note waits for you' : printable(pages.join('\n\n')) };
}

function rowOf({ bead, from, subject, body, read }: Message): z.infer<typeof schema>[number] {
  return { id: bead.id, from, subject, body, read, timestamp: bead.createdAt };
}
