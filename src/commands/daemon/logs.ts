import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { followFile, lastLines } from '../follow.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { paths } = await app.town();
  const { lines, next } = await lastLines(app.machine.files, paths.daemonLog, input.number('lines') ?? 50);
  if (!input.bool('follow'))
    return { text: printable(lines.join('\n')) || 'The daemon has written no log yet' };
  if (lines.length > 0) app.output.write(`${printable(lines.join('\n'))}\n`);
  await followFile(app, {
    path: paths.daemonLog,
    from: next,
    print: (line) => app.output.write(`${printable(line)}\n`),
  });
  return {};
}
