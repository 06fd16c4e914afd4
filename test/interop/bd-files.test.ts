import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createConnection, type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltStore } from '../../src/adapters/dolt/store.ts';
import { ROWS_32, schema32 } from '../support/bd-schema-32.ts';
import { describeWithDolt, startTestTown, type TestTown } from '../support/dolt.ts';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures/bd-1.0.5');
const PROJECT = 'project-of-the-fixture';

interface Version {
  readonly CommitDate: string;
  readonly Issue: Readonly<Record<string, unknown>>;
}

let town: TestTown;
let connection: Connection;
let place: BdPlace;

/** The database that real bd made, on a server, with the `.beads` folder of a project that uses it. */
async function setUp(): Promise<void> {
  town = await startTestTown();
  connection = await createConnection({ ...town.storeOptions, dateStrings: true });
  // One statement ends with each line that ends in `;`; the texts in this dump hold no such line.
  const dump = readFileSync(join(FIXTURES, 'database.sql'), 'utf8').replace('; USE', ';\nUSE');
  for (const statement of dump.split(/;\s*\n/))
    if (statement.trim() !== '') await connection.query(statement);
  const [row] = await rows("SELECT value FROM metadata WHERE `key` = '_project_id'");
  const cwd = join(town.root, 'project');
  mkdirSync(join(cwd, '.beads'), { recursive: true });
  const metadata = {
    database: 'dolt',
    backend: 'dolt',
    dolt_mode: 'server',
    dolt_server_host: '127.0.0.1',
    dolt_server_port: town.port,
    dolt_server_user: 'root',
    dolt_database: 'fx',
    project_id: row?.['value'] ?? PROJECT,
  };
  writeFileSync(join(cwd, '.beads/metadata.json'), JSON.stringify(metadata), { mode: 0o600 });
  place = { cwd };
}

async function rows(sql: string): Promise<readonly RowDataPacket[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql);
  return found;
}

async function contentHash(): Promise<unknown> {
  return (await rows('SELECT dolt_hashof_db() AS hash'))[0]?.['hash'];
}

async function formOf(name: string): Promise<Readonly<Record<string, unknown>>> {
  await connection.query(`USE ${name}`);
  const form: Record<string, unknown> = {};
  for (const row of await rows('SHOW FULL TABLES')) {
    const table = String(row[`Tables_in_${name}`]);
    const isView = row['Table_type'] === 'VIEW';
    // A view is its columns: its text is ours, what it tells is bd's.
    form[table] = isView
      ? (await rows(`SHOW COLUMNS FROM \`${table}\``)).map((column) => column['Field'])
      : (await rows(`SHOW CREATE TABLE \`${table}\``))[0]?.['Create Table'];
  }
  form['nonlocal'] = await rows('SELECT * FROM dolt_nonlocal_tables');
  for (const table of ['schema_migrations', 'ignored_schema_migrations']) {
    form[`${table} rows`] = await rows(`SELECT version FROM ${table} ORDER BY version`);
  }
  await connection.query('USE fx');
  return form;
}

interface Line {
  readonly id: string;
  readonly updated_at: string;
}

const parseLines = (text: string): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** The real bd on PATH; ours says `(gt` in its version. */
function realBd(): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'bd');
    try {
      if (!execFileSync(path, ['version'], { encoding: 'utf8', timeout: 10_000 }).includes('(gt'))
        return path;
    } catch {
      // Not here, or not to be run.
    }
  }
  return undefined;
}

describeWithDolt('a project whose ledger real bd 1.0.5 made', () => {
  beforeAll(setUp);
  afterAll(async () => {
    await connection?.end();
    await town?.dispose();
  });

  test('every read leaves the database as it was, schema and rows', async () => {
    const before = await contentHash();
    const reads = [
      'list --all',
      'ready',
      'blocked',
      'show fx-nek',
      'stats',
      'export --all',
      'dep list fx-7ep.1',
      'comments fx-nek',
      'label list fx-nek',
      'children fx-7ep',
      'where',
      'info',
      'config list',
      'migrate',
    ];
    for (const words of reads) await mustBd(place, words.split(' '));
    expect(await contentHash()).toBe(before);
  });

  test('an export of ours has the lines of the recorded one, byte by byte, wherever the bead is the same', async () => {
    const recorded = readFileSync(join(FIXTURES, 'export.stdout.jsonl'), 'utf8').split('\n');
    const ours = (await mustBd(place, ['export'])).split('\n');
    const stamp = (line: string) =>
      line === '' ? '' : `${parseLines(line)[0]?.id} ${parseLines(line)[0]?.updated_at}`;
    const theirs = new Map(recorded.map((line) => [stamp(line), line]));
    const same = ours.filter((line) => line !== '' && theirs.has(stamp(line)));
    expect(same.length).toBeGreaterThanOrEqual(5);
    // Deleted after the recording: it was blocked by fx-nek.
    const shown = (line: string | undefined) => line?.replace(/"dependent_count":\d+/, '');
    for (const line of same) expect(shown(line)).toBe(shown(theirs.get(stamp(line))));
    expect(parseLines(ours.join('\n')).map(({ id }) => id)).toEqual(
      parseLines(recorded.join('\n')).flatMap(({ id }) => (id === 'fx-pca' ? [] : [id])),
    );
  });

  test('the history of a bead has the recorded keys in their order, and the bead as it was then', async () => {
    await connection.query("CALL dolt_add('issues')");
    await connection.query("CALL dolt_commit('-m', 'as recorded')");
    const ours = JSON.parse(await mustBd(place, ['history', 'fx-nek', '--json'])) as readonly Version[];
    const recorded = JSON.parse(readFileSync(join(FIXTURES, 'history.stdout.json'), 'utf8')) as Version[];
    expect(ours).toHaveLength(1);
    expect(ours.map((version) => Object.keys(version))).toEqual([Object.keys(recorded[0] ?? {})]);
    expect(ours[0]?.CommitDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/);
    const asThen = recorded.find(({ Issue }) => Issue['updated_at'] === ours[0]?.Issue['updated_at']);
    // That bd leaves the start out of old versions only.
    expect(JSON.stringify({ ...ours[0]?.Issue, started_at: undefined })).toBe(JSON.stringify(asThen?.Issue));
  });

  test('a database of ours has exactly the form of theirs: tables, views, versions, what is unversioned', async () => {
    const store = createDoltStore({ ...town.storeOptions, clock: createClock(), isTest: true });
    await store.create('ours', { prefix: 'fx', projectId: PROJECT });
    await store.close();
    expect(await formOf('ours')).toEqual(await formOf('fx'));
    // A dump leaves this system table out.
    await connection.query('USE ours');
    expect(
      (await rows('SELECT pattern FROM dolt_ignore WHERE ignored = 1 ORDER BY pattern')).map(
        (row) => row['pattern'],
      ),
    ).toEqual(['ignored_schema_migrations', 'local_metadata', 'repo_mtimes', 'wisp_%', 'wisps']);
    await connection.query('USE fx');
  });

  test('P9: a stale, a foreign and a corrupt JSONL beside it change no row, whatever is run', async () => {
    const before = await contentHash();
    const recorded = readFileSync(join(FIXTURES, 'export.stdout.jsonl'), 'utf8');
    const files = [
      recorded.replaceAll('"status":"open"', '"status":"closed"'),
      recorded.replaceAll('fx-', 'zz-'),
      '{"id":"fx-nek","title":"torn',
    ];
    for (const content of files) {
      for (const name of ['issues.jsonl', 'beads.jsonl'])
        writeFileSync(join(place.cwd, '.beads', name), content);
      for (const words of ['list', 'ready', 'show fx-nek', 'export', 'stats', 'import --dry-run', 'info']) {
        const answer = await runBd(place, words.split(' '));
        expect([words, answer.code === 0 || words.startsWith('import')]).toEqual([words, true]);
      }
      expect(await contentHash()).toBe(before);
    }
    expect((await runBd(place, ['import'])).stderr).toContain('line 1');
    expect(await contentHash()).toBe(before);
    for (const name of ['issues.jsonl', 'beads.jsonl']) rmSync(join(place.cwd, '.beads', name));
  });

  test('an older database is refused by every command, explained by migrate, upgraded by migrate --yes', async () => {
    await connection.query('CREATE DATABASE older');
    await connection.query('USE older');
    for (const statement of [...schema32(), ...ROWS_32]) await connection.query(statement);
    await connection.query("CALL DOLT_COMMIT('-Am', 'made by an older bd')");
    const older = { cwd: place.cwd, env: { BEADS_DOLT_SERVER_DATABASE: 'older' } };
    const metadata = join(place.cwd, '.beads/metadata.json');
    const kept = readFileSync(metadata, 'utf8');
    const stranger = await runBd(older, ['migrate', '--yes']);
    expect([stranger.code, stranger.stderr.includes('p-32')]).toEqual([1, true]);
    await connection.query("UPDATE metadata SET value = ? WHERE `key` = '_project_id'", [
      (JSON.parse(kept) as { project_id: string }).project_id,
    ]);
    await connection.query("CALL DOLT_COMMIT('-am', 'the same project')");
    const before = await contentHash();
    for (const words of ['list', 'ready', 'create New', 'close fx-a', 'export', 'import -', 'backup sync']) {
      const answer = await runBd(older, words.split(' '));
      expect([words, answer.code, answer.stdout]).toEqual([words, 1, '']);
      expect(answer.stderr).toContain('Run: bd migrate --yes');
    }
    expect(await mustBd(older, ['migrate'])).toContain('events: new form');
    expect(await contentHash()).toBe(before);
    expect(JSON.parse(await mustBd(older, ['migrate', '--yes', '--json']))).toMatchObject({
      status: 'success',
    });
    expect((JSON.parse(await mustBd(older, ['ready', '--json'])) as Line[]).map(({ id }) => id)).toEqual([
      'fx-a',
    ]);
    expect(JSON.parse(await mustBd(older, ['migrate', '--json']))).toMatchObject({ status: 'current' });
    expect(readFileSync(metadata, 'utf8')).toBe(kept);
    await connection.query('USE fx');
  });

  const bd = realBd();
  describe.skipIf(bd === undefined)('beside a real bd on PATH', () => {
    const real = (...words: readonly string[]): string =>
      execFileSync(bd ?? '', [...words], {
        cwd: place.cwd,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: town.root, BEADS_ACTOR: 'alice' },
      });

    test('writes of both take turns, and both then say the same', async () => {
      const theirs = (JSON.parse(real('create', 'Theirs', '--json')) as { id: string }).id;
      const ours = (await mustBd(place, ['q', 'Ours'])).trim();
      real('dep', 'add', ours, theirs);
      await mustBd(place, ['close', theirs, '-r', 'done']);
      real('update', ours, '--claim');
      const ids = (text: string) => (JSON.parse(text) as Line[]).map(({ id }) => id).toSorted();
      for (const words of [
        ['list', '--json'],
        ['ready', '--json'],
        ['blocked', '--json'],
      ]) {
        expect(ids(await mustBd(place, words))).toEqual(ids(real(...words)));
      }
    });
  });
});
