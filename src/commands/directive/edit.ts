import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { directivePath } from '../../hooks/prime/operator-files.ts';
import { actingTown } from '../acting-town.ts';
import { editorOf, openEditor } from '../editor.ts';
import { readPlace } from './place.ts';

/** Without a terminal there is nobody to edit: the path is printed. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { role, rig } = await readPlace(town, input);
  const { files } = town.ports;
  const path = directivePath(town.root, role, rig);
  if ((await files.stat(path)) === undefined) await files.writeAtomic(path, '', { mode: 0o644 });
  if (!app.output.isTTY) return { text: `Edit it: ${editorOf(app)} ${path}` };
  const failure = await openEditor(app, path);
  return failure === undefined
    ? { text: `Every ${role} is told this at its next start` }
    : { warnings: [failure], text: `Edit it: ${path}`, exitCode: 1 };
}
