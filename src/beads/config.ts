import { UsageError } from '../core/errors.ts';
import { parseCustomStatuses, parseCustomTypes } from './kinds.ts';
import { text } from './rows.ts';
import type { LedgerScope } from './scope.ts';
import { cleanText } from './texts.ts';

/** All config rows of the database. */
export async function readConfig(scope: LedgerScope): Promise<ReadonlyMap<string, string>> {
  const rows = await scope.sql.query('SELECT `key`, value FROM config ORDER BY `key`');
  return new Map(rows.map((row) => [text(row, 'key'), text(row, 'value')]));
}

/** Sets one config row, or removes it with undefined. Throws UsageError `config.bad-key`. */
export async function writeConfig(scope: LedgerScope, key: string, value: string | undefined): Promise<void> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}$/.test(key)) {
    throw new UsageError({
      code: 'config.bad-key',
      message: `${JSON.stringify(key.slice(0, 60))} cannot be a config key`,
    });
  }
  await scope.sql.run('DELETE FROM config WHERE `key` = ?', [key]);
  if (value !== undefined) {
    await scope.sql.run('INSERT INTO config (`key`, value) VALUES (?, ?)', [key, cleanText(value)]);
  }
  await mirrorVocabulary(scope, key, value ?? '');
}

/** The tables must follow their config rows: bd takes an empty table beside a set row for a pending migration. */
async function mirrorVocabulary(scope: LedgerScope, key: string, value: string): Promise<void> {
  if (key === 'types.custom') {
    await scope.sql.run('DELETE FROM custom_types');
    for (const name of new Set(parseCustomTypes(value))) {
      await scope.sql.run('INSERT INTO custom_types (name) VALUES (?)', [name]);
    }
  }
  if (key === 'status.custom') {
    await scope.sql.run('DELETE FROM custom_statuses');
    for (const [name, category] of parseCustomStatuses(value)) {
      await scope.sql.run('INSERT INTO custom_statuses (name, category) VALUES (?, ?)', [name, category]);
    }
  }
}
