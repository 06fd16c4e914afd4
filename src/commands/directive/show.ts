import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { printable } from '../../core/text.ts';
import { operatorFiles } from '../../hooks/prime/operator-files.ts';
import { readPlace } from './place.ts';

export const schema = z.array(z.object({ path: z.string(), text: z.string() }));

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const { role, rig } = await readPlace(town, input);
  const files = await operatorFiles(town, role, rig);
  const { dim } = app.output.style;
  const pages = files.map(({ path, text }) => `${dim(path)}\n${printable(text)}`);
  return {
    data: files,
    text:
      pages.length === 0 ? `Nothing is written for ${role}: gt directive edit ${role}` : pages.join('\n\n'),
  };
}
