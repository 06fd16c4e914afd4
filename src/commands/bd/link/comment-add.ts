import { onBead } from '../on-bead.ts';
import { commentJson } from '../views.ts';
import { readTextFile } from '../texts.ts';

export { commentSchema as schema } from '../schema.ts';

/** `comment <id> <text>`, or the text from a file or standard input. */
export const run = onBead('bead', async ({ app, bead, input, write }) => {
  const file = input.bool('stdin') ? '-' : input.flag('file');
  const text = file === undefined ? input.args('text').join(' ') : await readTextFile(app, file);
  const comment = await write(`comment ${bead.id}`, (tx) => tx.comment(bead.id, text));
  return { data: commentJson(comment), text: `Comment added to ${bead.id}` };
});
