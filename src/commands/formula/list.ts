import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listFormulas } from '../../formulas/library.ts';
import { renderFormulas } from '../../ui/text/formulas.ts';
import { formulaRows } from '../bd/mol/formula-list.ts';
import { kitchenFor, namedRig } from './place.ts';

export { schema } from '../bd/mol/formula-list.ts';

/** Every formula that can be used here. A file that cannot be read is a warning. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { found, warnings } = await listFormulas(await kitchenFor(town, namedRig(town, input)));
  return {
    data: formulaRows(found),
    text: () =>
      renderFormulas(
        found.map(({ formula, folder }) => ({ formula, from: folder.kind })),
        app.output,
      ),
    warnings,
  };
}
