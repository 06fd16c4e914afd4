import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { directivePath } from '../../hooks/prime/operator-files.ts';
import { actingTown } from '../acting-town.ts';
import { readPlace } from './place.ts';

/** Without a terminal there is nobody to edit: the path is printed. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await actingTown(app);
  const { role, rig } = await readPlace(town, input);
  const { files, processes } = town.ports;
  const path = directivePath(town.root, role, rig);
  if ((await files.stat(path)) === undefined) await files.writeAtomic(path, '', { mode: 0o644 });
  const editor = app.env['VISUAL'] ?? app.env['EDITOR'] ?? 'vi';
  if (!app.output.isTTY) return { text: `Edit it: ${editor} ${path}` };
  // An editor may be named with flags (`code -w`).
  const [program = 'vi', ...flags] = editor.split(/\s+/).filter((word) => word !== '');
  const result = await processes.run({ argv: [program, ...flags, path], env: app.env, terminal: true });
  if (result.end === 'exit' && result.code === 0)
    return { text: `Every ${role} is told this at its next start` };
  const how = result.end === 'not-started' ? result.why : `it ended with ${result.end}`;
  return { warnings: [`${editor}: ${how}`], text: `Edit it: ${path}`, exitCode: 1 };
}
