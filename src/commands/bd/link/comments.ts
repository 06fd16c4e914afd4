import * as z from 'zod/mini';
import type { CommandModule } from '../../../cli/command.ts';
import { commentLine } from '../../../ui/text/beads.ts';
import { onBead } from '../handlers.ts';
import { commentSchema } from '../schema.ts';
import { readTextFile } from '../texts.ts';
import { commentJson } from '../views.ts';

export const list: CommandModule = {
  schema: z.array(commentSchema),
  run: onBead('bead', async ({ bead, ledger }) => {
    const comments = await ledger.comments(bead.id);
    return {
      data: comments.map(commentJson),
      text: comments.map(commentLine).join('\n') || `${bead.id} has no comments.`,
    };
  }),
};

/** `comment <id> <text>`, or the text from a file or standard input. */
export const add: CommandModule = {
  schema: commentSchema,
  run: onBead('bead', async ({ app, bead, input, write }) => {
    const file = input.bool('stdin') ? '-' : input.flag('file');
    const text = file === undefined ? input.args('text').join(' ') : await readTextFile(app, file);
    const comment = await write(`comment ${bead.id}`, (tx) => tx.comment(bead.id, text));
    return { data: commentJson(comment), text: `Comment added to ${bead.id}` };
  }),
};
