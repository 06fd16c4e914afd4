import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readLayer } from '../../runtimes/hook-files/layers.ts';
import { formatJson } from '../../town/json-file.ts';
import { actingTown } from '../acting-town.ts';
import { editorOf, openEditor } from '../editor.ts';

/** Opens a layer in the editor. Without a terminal there is nobody to edit: the path is printed. */
export async function editLayer(app: AppContext, input: CommandInput, path: string): Promise<CommandReply> {
  const town = await actingTown(app);
  const layer = await readLayer(town, path);
  if (input.bool('show')) {
    const about = layer === undefined ? [`${path} is not there: gt’s own hooks only`] : [];
    return { text: formatJson(layer ?? {}).trimEnd(), warnings: about };
  }
  if (layer === undefined) await town.ports.files.writeAtomic(path, formatJson({}), { mode: 0o600 });
  if (!app.output.isTTY) return { text: `Edit it: ${editorOf(app)} ${path}` };
  const failure = await openEditor(app, path);
  if (failure !== undefined) return { warnings: [failure], text: `Edit it: ${path}`, exitCode: 1 };
  // What cannot be read would keep agents from starting: said now.
  await readLayer(town, path);
  return { text: 'Look at what follows from it: gt hooks diff. Write it: gt hooks sync' };
}
