import { renderBeadTable } from '../../../ui/text/beads.ts';
import { onBead } from '../on-bead.ts';
import { listedJson, readListed } from '../views.ts';

export { listedSchema as schema } from '../schema.ts';

/** All children of a bead, closed ones included. */
export const run = onBead('bead', async ({ app, bead, input, ledger }) => {
  const children = await ledger.list({ parent: bead.id });
  return {
    data: input.json ? (await readListed(ledger, children)).map(listedJson) : undefined,
    text: () =>
      renderBeadTable(children, app.output, {
        nothing: `${bead.id} has no children. bd create "Title" --parent ${bead.id} makes one.`,
        noun: 'child',
        nouns: 'children',
      }),
  };
});
