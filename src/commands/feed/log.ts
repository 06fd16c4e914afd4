import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { parseLogLine } from '../../town/log-line.ts';
import type { LogLine } from '../../town/log-line.ts';
import { followFile, lastLines } from '../follow.ts';

export const schema = z.array(
  z.object({ time: z.string(), type: z.string(), agent: z.string(), detail: z.string() }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { paths } = await app.town();
  const keeps = filterOf(app, input);
  const tail = await lastLines(app.machine.files, paths.townLog, Infinity);
  const lines = tail.lines.flatMap((text) => keeps(text) ?? []).slice(-(input.number('tail') ?? 20));
  if (input.json) return { data: lines.map(({ text: _text, ...line }) => line) };
  const text = lines.map((line) => printable(line.text)).join('\n');
  if (!input.bool('follow')) return { text: text || 'No agent has lived here yet' };
  return followFile(app, {
    path: paths.townLog,
    text,
    from: tail.next,
    print: (line) => {
      if (keeps(line) !== undefined) app.output.write(`${printable(line)}\n`);
    },
  });
}

/** The parsed line when it passes the flags. */
function filterOf(app: AppContext, input: CommandInput): (text: string) => LogLine | undefined {
  const type = input.flag('type');
  const agent = input.flag('agent');
  const since = input.duration('since');
  const from = since === undefined ? undefined : app.machine.clock.now() - since;
  return (text) => {
    const line = parseLogLine(text);
    if (line === undefined) return undefined;
    if (type !== undefined && line.type !== type) return undefined;
    if (agent !== undefined && !line.agent.includes(agent)) return undefined;
    return from !== undefined && Date.parse(line.time.replace(' ', 'T')) < from ? undefined : line;
  };
}
