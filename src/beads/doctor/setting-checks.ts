import { readConfig } from '../read/config.ts';
import { BEAD_TABLES, text } from '../sql/rows.ts';
import { barePrefix, type LedgerScope } from '../sql/scope.ts';
import { unionAll } from '../sql/union.ts';
import { parseCustomStatuses, parseCustomTypes } from '../words/kinds.ts';
import { writeConfig } from '../write/config.ts';
import type { LedgerCheck } from './run.ts';

interface Words {
  readonly listed: ReadonlyMap<string, string>;
  readonly stored: ReadonlyMap<string, string>;
}

async function typeWords(scope: LedgerScope): Promise<Words> {
  const config = await readConfig(scope);
  const rows = await scope.sql.query('SELECT name FROM custom_types');
  return {
    listed: new Map(parseCustomTypes(config.get('types.custom') ?? '').map((name) => [name, ''])),
    stored: new Map(rows.map((row) => [text(row, 'name'), ''])),
  };
}

async function statusWords(scope: LedgerScope): Promise<Words> {
  const config = await readConfig(scope);
  const rows = await scope.sql.query('SELECT name, category FROM custom_statuses');
  return {
    listed: parseCustomStatuses(config.get('status.custom') ?? ''),
    stored: new Map(rows.map((row) => [text(row, 'name'), text(row, 'category')])),
  };
}

function differences({ listed, stored }: Words): readonly string[] {
  const names = [...new Set([...listed.keys(), ...stored.keys()])].toSorted();
  return names
    .filter((name) => listed.get(name) !== stored.get(name))
    .map((name) => {
      if (!stored.has(name)) return `${name} is set and missing in the table`;
      return listed.has(name) ? `${name} has two categories` : `${name} is in the table and not set`;
    });
}

export const CUSTOM_TYPES: LedgerCheck = {
  name: 'custom-types',
  title: 'The table of custom types has what the setting types.custom says',
  severity: 'error',
  remedy: 'writes both with the types of either',
  detect: async (scope) => differences(await typeWords(scope)),
  async fix(scope) {
    const { listed, stored } = await typeWords(scope);
    await writeConfig(scope, 'types.custom', [...new Set([...listed.keys(), ...stored.keys()])].join(','));
  },
};

export const CUSTOM_STATUSES: LedgerCheck = {
  name: 'custom-statuses',
  title: 'The table of custom states has what the setting status.custom says',
  severity: 'error',
  remedy: 'writes both with the states of either; the setting counts more',
  detect: async (scope) => differences(await statusWords(scope)),
  async fix(scope) {
    const { listed, stored } = await statusWords(scope);
    const words = [...new Map([...stored, ...listed])].map(([name, category]) =>
      category === 'unspecified' ? name : `${name}:${category}`,
    );
    await writeConfig(scope, 'status.custom', words.join(','));
  },
};

/** Prefixes of ids that are neither this database's nor allowed, with how many rows have them. */
async function foreignPrefixes(scope: LedgerScope): Promise<ReadonlyMap<string, number>> {
  const config = await readConfig(scope);
  const allowed = [scope.prefix, ...(config.get('allowed_prefixes') ?? '').split(',')]
    .map((prefix) => barePrefix(prefix.trim()))
    .filter((prefix) => prefix !== '');
  const rows = await scope.sql.query(unionAll(BEAD_TABLES.map((table) => `SELECT id FROM ${table}`)));
  const found = new Map<string, number>();
  for (const row of rows) {
    const id = text(row, 'id');
    if (allowed.some((prefix) => id.startsWith(`${prefix}-`))) continue;
    const prefix = id.includes('-') ? id.slice(0, id.indexOf('-')) : id;
    found.set(prefix, (found.get(prefix) ?? 0) + 1);
  }
  return found;
}

export const PREFIXES: LedgerCheck = {
  name: 'prefixes',
  title: "Ids begin with the database's prefix or an allowed one",
  severity: 'warning',
  remedy: 'adds the prefixes that are in use to the setting allowed_prefixes',
  detect: async (scope) =>
    [...(await foreignPrefixes(scope))].map(([prefix, count]) => `${count} with the prefix ${prefix}`),
  async fix(scope) {
    const known = (await readConfig(scope)).get('allowed_prefixes') ?? '';
    const all = [
      ...known.split(',').filter((word) => word.trim() !== ''),
      ...(await foreignPrefixes(scope)).keys(),
    ];
    await writeConfig(scope, 'allowed_prefixes', all.join(','));
  },
};

/** Migration numbers that are missing below the highest: bd takes the schema for half migrated. */
async function versionGaps(scope: LedgerScope): Promise<readonly (readonly [string, number])[]> {
  const gaps: (readonly [string, number])[] = [];
  for (const table of ['schema_migrations', 'ignored_schema_migrations']) {
    const rows = await scope.sql.query(`SELECT version FROM ${table}`);
    const versions = new Set(rows.map((row) => Number(row['version'])));
    for (let version = 1; version < Math.max(0, ...versions); version += 1) {
      if (!versions.has(version)) gaps.push([table, version]);
    }
  }
  return gaps;
}

export const SCHEMA: LedgerCheck = {
  name: 'schema-versions',
  title: 'The list of schema versions has no gap',
  severity: 'error',
  remedy: 'completes the list below its highest version',
  detect: async (scope) => (await versionGaps(scope)).map(([table, version]) => `${table} lacks ${version}`),
  async fix(scope) {
    for (const [table, version] of await versionGaps(scope)) {
      await scope.sql.run(`INSERT INTO ${table} (version) VALUES (?)`, [version]);
    }
  },
};
