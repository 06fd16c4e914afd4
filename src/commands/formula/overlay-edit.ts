import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { overlayFiles } from '../../formulas/kitchen.ts';
import { findFormula } from '../../formulas/library.ts';
import { parseOverlay } from '../../formulas/overlay.ts';
import { actingTown } from '../acting-town.ts';
import { kitchenFor, namedRig } from './place.ts';

/** Makes the rig's (or with --town the town's) overlay from an example when it is new, and says where to edit it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const rig = input.bool('town') ? undefined : namedRig(town, input);
  const { formula } = await findFormula(await kitchenFor(town, rig), input.arg('name'));
  const [path = ''] = overlayFiles(town.root, rig, formula.formula);
  const { files } = town.ports;
  const text = await files.readText(path);
  if (text === undefined) await files.writeAtomic(path, exampleFor(formula.steps[0]?.id ?? '<step>'));
  const count = parseOverlay(text ?? '', path).length;
  return {
    text: [
      `${text === undefined ? 'Made' : 'Found'} ${path} with ${count} overrides`,
      `Edit it: ${app.env['VISUAL'] ?? app.env['EDITOR'] ?? 'vi'} ${path}`,
      `Then look: gt formula show ${formula.formula}`,
    ].join('\n'),
  };
}

function exampleFor(step: string): string {
  return [
    '# mode: replace, append or skip',
    `# [[step-overrides]]\n# step_id = "${step}"\n# mode = "append"\n# description = "…"`,
    '',
  ].join('\n');
}
