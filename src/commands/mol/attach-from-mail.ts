import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError } from '../../core/errors.ts';
import { checkMolecule } from '../../formulas/molecule/burn.ts';
import { attachMolecule } from '../../hooks/attached-molecule.ts';
import { needHooked } from '../../hooks/find-hooked.ts';
import { actingTown } from '../acting-town.ts';

const LINE = /^\s*(?:attached[_-]?molecule|molecule[_-]?id|molecule|mol)\s*:\s*(\S+)\s*$/im;

/** Attaches the molecule of the mail's line `attached_molecule: <id>` to what the caller holds. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const word = input.arg('mail');
  const mail = await (await town.ledgers.of(word)).find(word);
  const id = LINE.exec(mail.description)?.[1];
  if (id === undefined) {
    throw new NotFoundError({
      code: 'molecule.not-in-mail',
      message: `${mail.id} names no molecule`,
      hint: 'Its text needs a line attached_molecule: <id>',
    });
  }
  const molecule = await (await town.ledgers.of(id)).find(id);
  checkMolecule(molecule);
  const { bead } = await needHooked(town, { bead: '', target: '' });
  await attachMolecule(town, bead, molecule);
  return { text: `Attached ${molecule.id} to ${bead.id}` };
}
