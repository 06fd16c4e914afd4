import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { renderBeadTable } from '../../../ui/text/beads.ts';
import { openBeads } from '../open.ts';
import { listedJson, readListed } from '../views.ts';

export { listedSchema as schema } from '../schema.ts';

/** All children of a bead, closed ones included. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { ledgers, home } = await openBeads(app, input);
  const { ledger, bead } = await locateBead(ledgers, home, input.arg('bead'));
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
}
