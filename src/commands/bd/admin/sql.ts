import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { oneLine, printable } from '../../../core/text.ts';
import type { SqlRow, SqlValue } from '../../../ports/store.ts';
import { renderTable } from '../../../ui/text/table.ts';
import { readOnly } from '../../../beads/place/read-only-sql.ts';
import { openBeads } from '../open.ts';

export const schema = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));

/** Runs one reading statement on the database. Throws UsageError `beads.sql-writes`. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const statement = input.args('statement').join(' ').trim();
  if (statement === '') {
    throw new UsageError({
      code: 'beads.no-sql',
      message: 'the statement is missing',
      hint: 'Run: bd sql "SELECT ..."',
    });
  }
  const { store, home } = await openBeads(app, input);
  const rows = await readOnly(await store.open(home.database), statement);
  return { data: rows, text: input.bool('csv') ? renderCsv(rows) : renderRows(rows) };
}

function renderRows(rows: readonly SqlRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => ({
    title: name,
    value: (row: SqlRow) => oneLine(String(row[name] ?? 'NULL'), 80),
  }));
  return rows.length === 0 ? '(no rows)' : renderTable(columns, rows);
}

function renderCsv(rows: readonly SqlRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cell = (value: SqlValue | undefined): string => {
    const text = printable(String(value ?? ''));
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => line.map(cell).join(','))
    .join('\n');
}
