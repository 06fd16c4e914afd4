import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { detachMolecule } from '../../hooks/attached-molecule.ts';
import { actingTown } from '../acting-town.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const word = input.arg('bead');
  const bead = await (await town.ledgers.of(word)).find(word);
  const molecule = await detachMolecule(town, bead, 'detach');
  return {
    text: molecule === undefined ? `${bead.id} has no molecule` : `Detached ${molecule} from ${bead.id}`,
  };
}
