import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { oneLine } from '../../core/text.ts';
import { readAccounts } from '../../runtimes/accounts.ts';
import { renderTable } from '../../ui/text/table.ts';

export const schema = z.array(
  z.object({
    handle: z.string(),
    email: z.string(),
    description: z.string(),
    config_dir: z.string(),
    is_default: z.boolean(),
  }),
);
type Row = z.infer<typeof schema>[number];

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const rows = (await readAccounts(await app.town())).map(({ folder, isDefault, ...account }) => ({
    ...account,
    config_dir: folder,
    is_default: isDefault,
  }));
  const text = renderTable<Row>(
    [
      { title: 'Account', value: (row) => `${row.handle}${row.is_default ? ' (default)' : ''}` },
      { title: 'Email', value: (row) => oneLine(row.email) },
      { title: 'What for', value: (row) => oneLine(row.description) },
      { title: 'Folder', value: (row) => row.config_dir, flexible: true },
    ],
    rows,
    app.output,
  );
  return { data: rows, text: rows.length === 0 ? 'There are none. Make one: gt account add <handle>' : text };
}
