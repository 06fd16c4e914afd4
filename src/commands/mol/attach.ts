import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { checkMolecule } from '../../formulas/molecule/burn.ts';
import { attachMolecule } from '../../hooks/attached-molecule.ts';
import { needHooked } from '../../hooks/find-hooked.ts';
import { actingTown } from '../acting-town.ts';

/** `attach [<bead>] <molecule>`. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const words = input.args('ids');
  const [first = '', second] = words;
  if (words.length > 2) {
    throw new UsageError({ code: 'molecule.words', message: 'gt mol attach [<bead>] <molecule>' });
  }
  const name = second ?? first;
  const molecule = await (await town.ledgers.of(name)).find(name);
  checkMolecule(molecule);
  const { bead } = await needHooked(town, { bead: second === undefined ? '' : first, target: '' });
  await attachMolecule(town, bead, molecule);
  return { text: `Attached ${molecule.id} to ${bead.id}` };
}
