import { UsageError } from '../../core/errors.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { parseCustomStatuses, parseCustomTypes } from '../words/kinds.ts';
import { cleanText } from '../words/texts.ts';

/** Sets one config row, or removes it with undefined. Throws UsageError `config.bad-key` `config.bad-value`. */
export async function writeConfig(scope: LedgerScope, key: string, value: string | undefined): Promise<void> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,254}$/.test(key)) {
    throw new UsageError({
      code: 'config.bad-key',
      message: `${JSON.stringify(key.slice(0, 60))} cannot be a config key`,
      hint: 'Use letters, digits and _ . : - without spaces',
    });
  }
  if (value !== undefined) checkSetting(key, value);
  await scope.sql.run('DELETE FROM config WHERE `key` = ?', [key]);
  if (value !== undefined) {
    await scope.sql.run('INSERT INTO config (`key`, value) VALUES (?, ?)', [key, cleanText(value)]);
  }
  await mirrorVocabulary(scope, key, value ?? '');
}

/** Settings that the ledger reads, and what they may be. */
const SETTINGS: Readonly<
  Record<string, { readonly fits: (value: string) => boolean; readonly wanted: string }>
> = {
  'types.custom': {
    fits: (value) => parts(value).every((name) => /^[a-z][a-z0-9_-]{0,31}$/.test(name)),
    wanted: 'type names, lower case, separated by commas',
  },
  'status.custom': {
    fits: (value) =>
      parts(value).length <= 50 &&
      parts(value).every((part) => /^[a-z][a-z0-9_-]{0,31}(?::(?:active|wip|done|frozen))?$/.test(part)),
    wanted: 'at most 50 `name:category`, category active, wip, done or frozen',
  },
  issue_id_mode: { fits: (value) => value === 'hash' || value === 'counter', wanted: 'hash or counter' },
  min_hash_length: { fits: (value) => /^[3-8]$/.test(value), wanted: '3 to 8' },
  max_hash_length: { fits: (value) => /^[3-8]$/.test(value), wanted: '3 to 8' },
  max_collision_prob: {
    fits: (value) => /^0?\.\d+$/.test(value) && Number(value) > 0,
    wanted: 'a number between 0 and 1',
  },
};

function parts(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.replaceAll(/\s/g, ''))
    .filter((part) => part !== '');
}

/** A setting that would silently do nothing is refused. Throws UsageError `config.bad-value`. */
function checkSetting(key: string, value: string): void {
  const setting = SETTINGS[key];
  if (setting === undefined || setting.fits(value.trim())) return;
  throw new UsageError({
    code: 'config.bad-value',
    message: `${key} cannot be ${JSON.stringify(value.slice(0, 60))}`,
    hint: `Wanted: ${setting.wanted}`,
  });
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
