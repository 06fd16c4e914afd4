import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { followFile, lastLines } from '../follow.ts';

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { paths } = await app.town();
  const { lines, next } = await lastLines(app.machine.files, paths.daemonLog, input.number('lines') ?? 50);
  const text = printable(lines.join('\n'));
  if (!input.bool('follow')) return { text: text || 'The daemon has written no log yet' };
  const print = (line: string): void => app.output.write(`${printable(line)}\n`);
  return followFile(app, { path: paths.daemonLog, text, from: next, print });
}
