import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { readHealthState } from '../../watchdog/health-check.ts';
import { renderTable } from '../../ui/text/table.ts';

export const schema = z.array(
  z.object({ agent: z.string(), failures: z.number(), asked: z.string(), answered: z.string() }),
);
type Row = z.infer<typeof schema>[number];

export async function run(app: AppContext, _input: CommandInput): Promise<CommandReply> {
  const state = await readHealthState(await app.town());
  const rows = Object.entries(state).map(([agent, entry]) => ({
    agent,
    failures: entry.consecutive_failures,
    asked: entry.last_ping_time ?? '',
    answered: entry.last_response_time ?? '',
  }));
  const text = renderTable<Row>(
    [
      { title: 'Agent', value: (row) => row.agent },
      { title: 'Not well in a row', value: (row) => String(row.failures), align: 'right' },
      { title: 'Asked', value: (row) => row.asked },
      { title: 'Answered', value: (row) => row.answered || 'never' },
    ],
    rows,
    app.output,
  );
  return { data: rows, text: rows.length === 0 ? 'Nobody was checked yet' : text };
}
