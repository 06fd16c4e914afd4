import * as z from 'zod/mini';
import type { CommandReply } from '../../cli/command.ts';
import { listGuards } from '../../hooks/guards/names.ts';

export const schema = z.array(z.object({ name: z.string(), summary: z.string() }));

export async function run(): Promise<CommandReply> {
  const guards = listGuards();
  const width = Math.max(...guards.map(({ name }) => name.length));
  return {
    data: guards,
    text: [
      'Guards stand before the tools of agents and block:',
      ...guards.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
      '',
      'All in one process: gt tap guard all. One of them: gt tap guard <name>',
    ].join('\n'),
  };
}
