import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { listFormulas } from '../../formulas/library.ts';
import { formulasReply } from '../bd/mol/formulas.ts';
import { kitchenFor, namedRig } from './place.ts';

export { formulasSchema as schema } from '../bd/mol/formulas.ts';

/** Every formula that can be used here. A file that cannot be read is a warning. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { found, warnings } = await listFormulas(await kitchenFor(town, namedRig(town, input)));
  return { ...formulasReply(app, found), warnings };
}
