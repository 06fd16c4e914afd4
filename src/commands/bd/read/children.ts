import { onBead } from '../handlers.ts';
import { listReply } from './list-reply.ts';

export { listedSchema as schema } from '../schema.ts';

/** All children of a bead, closed ones included. */
export const run = onBead('bead', async ({ app, bead, input, ledger }) => {
  const children = await ledger.list({ parent: bead.id });
  return listReply({ app, input, home: ledger }, children, {
    nothing: `${bead.id} has no children. bd create "Title" --parent ${bead.id} makes one.`,
    noun: 'child',
    nouns: 'children',
  });
});
