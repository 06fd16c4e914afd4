import * as z from 'zod/mini';
import { readAttachment } from '../../beads/forms/attachment.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';

export const schema = z.object({
  bead_id: z.string(),
  attached_molecule: z.optional(z.string()),
  attached_formula: z.optional(z.string()),
  attached_at: z.optional(z.string()),
  attached_args: z.optional(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const word = input.arg('bead');
  const bead = await (await town.ledgers.of(word)).find(word);
  const { attachedMolecule, attachedFormula, attachedAt, attachedArgs } = readAttachment(bead) ?? {};
  const data = Object.fromEntries(
    Object.entries({
      bead_id: bead.id,
      attached_molecule: attachedMolecule,
      attached_formula: attachedFormula,
      attached_at: attachedAt,
      attached_args: attachedArgs,
    }).filter(([, value]) => value !== undefined),
  );
  const formula = attachedFormula === undefined ? '' : ` (${attachedFormula})`;
  return {
    data,
    text:
      attachedMolecule === undefined
        ? `${bead.id} has no molecule`
        : `${bead.id}: ${attachedMolecule}${formula}, attached ${attachedAt ?? 'at an unknown time'}`,
  };
}
