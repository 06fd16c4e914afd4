import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { hookRegistryPath, readHookRegistry } from '../../runtimes/hook-files/registry.ts';
import { renderTable } from '../../ui/text/table.ts';

export const schema = z.array(
  z.object({
    name: z.string(),
    description: z.string(),
    event: z.string(),
    matchers: z.array(z.string()),
    command: z.string(),
    roles: z.array(z.string()),
    enabled: z.boolean(),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const town = await app.town();
  const all = Object.entries(await readHookRegistry(town)).map(([name, hook]) => ({ name, ...hook }));
  const rows = all.filter(({ enabled }) => enabled || input.bool('all'));
  const text = renderTable<(typeof rows)[number]>(
    [
      { title: 'Hook', value: ({ name, enabled }) => (enabled ? name : `${name} (off)`) },
      { title: 'Event', value: (row) => row.event },
      { title: 'Roles', value: (row) => row.roles.join(', ') },
      input.bool('verbose')
        ? { title: 'Command', value: (row) => oneLine(row.command, 1000), flexible: true }
        : { title: 'What it does', value: (row) => oneLine(row.description), flexible: true },
    ],
    rows,
    app.output,
  );
  return { data: rows, text: rows.length === 0 ? `None in ${hookRegistryPath(town.root)}` : text };
}
