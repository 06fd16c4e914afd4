import { join } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { TownContext } from '../../beads/context.ts';
import type { AppContext } from '../../context.ts';
import { counted } from '../../core/text.ts';
import { listRigs } from '../../rig/registry.ts';

export const schema = z.array(
  z.object({ role: z.string(), rig: z.optional(z.string()), path: z.string(), lines: z.number() }),
);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const rigs = (await listRigs(town)).map(({ name }) => name);
  const rows = (await Promise.all([undefined, ...rigs].map((rig) => directivesOf(town, rig)))).flat();
  const lines = rows.map(({ role, rig, path, lines: count }) => {
    return `${role} (${rig ?? 'town'}): ${counted(count, 'line')}  ${path}`;
  });
  return {
    data: rows,
    text:
      lines.length === 0 ? 'There are none. Write one: gt directive edit polecat --town' : lines.join('\n'),
  };
}

async function directivesOf({ root, ports: { files } }: TownContext, rig: string | undefined) {
  const folder = join(root, rig ?? '', 'directives');
  const names = ((await files.list(folder)) ?? []).flatMap(({ name }) => /^(.+)\.md$/.exec(name)?.[1] ?? []);
  return Promise.all(
    names.map(async (role) => {
      const path = join(folder, `${role}.md`);
      const text = ((await files.readText(path)) ?? '').trim();
      const lines = text === '' ? 0 : text.split('\n').length;
      return { role, ...(rig === undefined ? {} : { rig }), path, lines };
    }),
  );
}
