import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { ROLES } from '../../core/address.ts';
import { scopeOf } from '../../runtimes/role-definition.ts';
import { renderTable } from '../../ui/text/table.ts';
import { ABOUT_ROLES } from './roles.ts';

export const schema = z.array(
  z.object({ role: z.string(), plain: z.string(), scope: z.enum(['town', 'rig']), home: z.string() }),
);

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  await app.town();
  const rows = ROLES.map((role) => ({ role, scope: scopeOf(role), ...ABOUT_ROLES[role] }));
  const text = renderTable<(typeof rows)[number]>(
    [
      { title: 'Role', value: (row) => row.role },
      { title: 'In plain words', value: (row) => row.plain },
      { title: 'Of the', value: (row) => row.scope },
      { title: 'Home, below the town', value: (row) => row.home || '.', flexible: true },
    ],
    rows,
    app.output,
  );
  return { data: rows, text };
}
