import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachWithLedger } from './bd-folder.ts';
import { mustBd, runBd } from './run-bd.ts';

const { place, make, json } = eachWithLedger();

describe('bd init', () => {
  test('makes a ledger in the folder with files that only the user reads and git leaves alone', () => {
    const dir = join(place.cwd, '.beads');
    expect(statSync(join(dir, 'beads.db')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'metadata.json')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(dir, '.gitignore'), 'utf8').split('\n')).toContain('beads.db*');
    expect(JSON.parse(readFileSync(join(dir, 'metadata.json'), 'utf8'))).toMatchObject({
      backend: 'gt-sqlite',
      sqlite_path: 'beads.db',
    });
  });

  test('without any ledger every command says so, and makes none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'gt-bd-'));
    const answer = await runBd({ cwd: empty }, ['list', '--json']);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(JSON.parse(answer.stderr)).toMatchObject({ error: 'no beads database found', schema_version: 1 });
    rmSync(empty, { recursive: true });
  });

  test('the prefix comes from the folder name, and a bad one is refused before anything is made', async () => {
    const folder = mkdtempSync(join(tmpdir(), '7 My_Project-'));
    expect((await json('init', '-C', folder)).prefix).toMatch(/^my-project-/);
    rmSync(folder, { recursive: true });
    const other = mkdtempSync(join(tmpdir(), 'gt-bd-'));
    expect((await runBd({ cwd: other }, ['init', '--prefix', '9x'])).code).toBe(1);
    expect((await runBd({ cwd: other }, ['list'])).stderr).toContain('no beads database found');
    rmSync(other, { recursive: true });
  });
});

describe('bd create', () => {
  test('takes all fields', async () => {
    writeFileSync(join(place.cwd, 'body.md'), 'From a file\n');
    const id = await make('Title', '-t', 'feat', '-p', 'P0', '-l', 'a,b', '-l', 'c', '-a', 'ann', '-e', '30',
      '--body-file', 'body.md', '--design', 'd', '--acceptance', 'ac', '--notes', 'n', '--due', '2030-01-01',
      '--defer', '2029-01-01', '--metadata', '{"k":{"x":1}}', '--external-ref', 'gh-1'); // prettier-ignore
    expect(await json('show', id)).toMatchObject([
      {
        issue_type: 'feature',
        priority: 0,
        labels: ['a', 'b', 'c'],
        assignee: 'ann',
        estimated_minutes: 30,
        description: 'From a file\n',
        design: 'd',
        acceptance_criteria: 'ac',
        notes: 'n',
        due_at: '2030-01-01T00:00:00Z',
        defer_until: '2029-01-01T00:00:00Z',
        metadata: { k: { x: 1 } },
        external_ref: 'gh-1',
        owner: 't@e.x',
        created_by: 'alice',
      },
    ]);
  });

  test('reads the description from standard input', async () => {
    const answer = await mustBd({ ...place, stdin: 'line 1\nline 2' }, ['create', 'T', '--stdin', '--json']);
    expect(JSON.parse(answer)).toMatchObject({ description: 'line 1\nline 2' });
  });

  test('makes edges both ways in the same step, or nothing at all', async () => {
    const [a, b] = [await make('A'), await make('B')];
    const made = await json('create', 'C', '--deps', `${a},blocks:${b}`);
    expect((await json('dep', 'list', made.id)).map((bead: { id: string }) => bead.id)).toEqual([a]);
    expect((await json('dep', 'list', b)).map((bead: { id: string }) => bead.id)).toEqual([made.id]);
    const failed = await runBd(place, ['create', 'D', '--deps', 'fx-none']);
    expect(failed.code).toBe(1);
    expect(await json('count')).toMatchObject({ count: 3 });
  });

  test.each([
    [['create', 'two', 'words'], 'more than one title'],
    [['create', 'x', '--title', 'y'], 'more than one title'],
    [['create'], 'needs a title'],
    [['create', 'x', '-d', 'a', '--stdin'], 'given twice'],
    [['create', 'x', '--metadata', '[1]'], 'JSON object'],
    [['create', 'x', '--parent', 'fx-none'], 'no issue found'],
    [['create', 'x', '-t', 'wish'], 'invalid issue type'],
    [['create', 'x', '--id', 'fx-a b'], 'cannot be a bead id'],
    [['create', 'x', '--body-file', 'none.md'], 'there is no file none.md'],
  ])('%j is refused with one line and makes nothing', async (words, message) => {
    const answer = await runBd(place, words);
    expect(answer).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(answer.stderr.split('\n')[0]).toMatch(/^Error: /);
    expect(await json('count')).toMatchObject({ count: 0 });
  });

  test('--dry-run only tells', async () => {
    expect(await json('create', 'x', '--dry-run')).toMatchObject({ title: 'x', dry_run: true });
    expect(await json('count')).toMatchObject({ count: 0 });
  });
});

describe('bd update, close and delete', () => {
  test('labels, parent, notes and metadata change as asked', async () => {
    const [epic, other, id] = [
      await make('E', '-t', 'epic'),
      await make('F', '-t', 'epic'),
      await make('X', '-l', 'a,b'),
    ];
    await mustBd(place, [
      'update',
      id,
      '--parent',
      epic,
      '--add-label',
      'c',
      '--remove-label',
      'a',
      '--notes',
      'one',
    ]);
    await mustBd(place, [
      'update',
      id,
      '--append-notes',
      'two',
      '--set-metadata',
      'k=v=w',
      '--set-metadata',
      'gone=1',
    ]);
    const [bead] = await json('update', id, '--parent', other, '--unset-metadata', 'gone');
    expect(bead).toMatchObject({ labels: ['b', 'c'], notes: 'one\ntwo', metadata: { k: 'v=w' } });
    expect(await json('children', epic)).toEqual([]);
    expect(await json('children', other)).toMatchObject([{ id }]);
    expect(await json('update', id, '--set-labels', 'z', '--parent', '')).toMatchObject([{ labels: ['z'] }]);
    expect(await json('children', other)).toEqual([]);
  });

  test('one id that fails does not stop the others, and makes exit 1', async () => {
    const [a, b] = [await make('A'), await make('B')];
    const answer = await runBd(place, ['close', a, 'fx-none', b, '--json']);
    expect(answer.code).toBe(1);
    expect(JSON.parse(answer.stdout)).toMatchObject([{ id: a }, { id: b }]);
    expect(answer.stderr).toContain('fx-none');
  });

  test('an update without a change is refused', async () => {
    expect(await runBd(place, ['update', await make('A')])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no change is given'),
    });
  });

  test('--claim-next takes the next ready bead after closing one', async () => {
    const [a, b] = [await make('A', '-p', '0'), await make('B', '-p', '1')];
    expect(await json('close', a, '--claim-next')).toMatchObject({
      closed: [{ id: a }],
      claimed: { id: b, assignee: 'alice', status: 'in_progress' },
    });
    expect(await json('close', b, '--claim-next')).toMatchObject([{ id: b }]);
  });

  test('ready --claim takes the first ready bead, and says when there is none', async () => {
    const [a] = [await make('A')];
    expect(await json('ready', '--claim')).toMatchObject([{ id: a, assignee: 'alice' }]);
    expect(await runBd(place, ['ready', '--claim'])).toMatchObject({ code: 1, stdout: '' });
  });

  test('delete shows what would go, --force deletes, --cascade takes the children along', async () => {
    const epic = await make('E', '-t', 'epic');
    const child = await make('C', '--parent', epic);
    await make('G', '--parent', child);
    expect(await json('delete', epic, '--cascade')).toMatchObject({
      would_delete: [epic, child, `${child}.1`],
    });
    expect(await json('count')).toMatchObject({ count: 3 });
    expect(await json('delete', epic, '--cascade', '--force')).toMatchObject({ deleted_count: 3 });
    expect(await json('count')).toMatchObject({ count: 0 });
  });
});

describe('output', () => {
  test('hostile text reaches the terminal without control sequences', async () => {
    const id = await make('\u001B[31mred\u001B]0;title\u0007 \u202Eevil', '-d', 'a\u001B[2Jb');
    const texts = [
      await mustBd(place, ['list']),
      await mustBd(place, ['show', id]),
      await mustBd(place, ['ready']),
    ];
    for (const text of texts) expect(text).not.toMatch(/[\u001B\u0007\u202E]/);
    expect(await json('show', id)).toMatchObject([{ description: 'a\u001B[2Jb' }]);
  });

  test('JSON: lists are bare, objects carry the version, empty lists are [], the envelope wraps both', async () => {
    expect(await json('list')).toEqual([]);
    expect(await json('blocked')).toEqual([]);
    expect(await json('count')).toEqual({ count: 0, schema_version: 1 });
    const wrapped = { ...place, env: { BD_JSON_ENVELOPE: '1' } };
    expect(JSON.parse(await mustBd(wrapped, ['list', '--json']))).toEqual({ data: [], schema_version: 1 });
    expect(JSON.parse(await mustBd(wrapped, ['count', '--json']))).toEqual({
      data: { count: 0 },
      schema_version: 1,
    });
  });

  test('-q prints nothing, --readonly refuses to write, --actor names the author', async () => {
    expect(await mustBd(place, ['create', 'x', '-q', '--actor', 'eve'])).toBe('');
    expect(await json('list')).toMatchObject([{ created_by: 'eve' }]);
    const refused = await runBd(place, ['create', 'y', '--readonly']);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--readonly') });
    expect(await json('count')).toMatchObject({ count: 1 });
  });

  test('lists are cut at -n with a word about it, 0 shows all', async () => {
    for (const name of ['A', 'B', 'C']) await make(name);
    const cut = await runBd(place, ['list', '-n', '2']);
    expect(cut.stdout).toContain('2 beads');
    expect(cut.stderr).toContain('-n 0 shows all');
    expect(await json('list', '-n', '0', '--sort', 'title', '--reverse')).toMatchObject([
      { title: 'C' },
      { title: 'B' },
      { title: 'A' },
    ]);
  });
});

describe('bd sql', () => {
  test.each([
    'DELETE FROM issues',
    'update issues set title = 1',
    'DROP TABLE issues',
    ' ; delete from issues',
    'PRAGMA writable_schema = 1',
  ])('%s is refused', async (statement) => {
    expect(await runBd(place, ['sql', statement])).toMatchObject({ code: 1, stdout: '' });
  });

  test('what writes in the shape of a read is rolled back', async () => {
    const id = await make('A');
    await runBd(place, ['sql', 'WITH x AS (SELECT 1) DELETE FROM issues']);
    expect(await json('show', id)).toMatchObject([{ id }]);
  });

  test('prints rows as a table, as CSV and as JSON', async () => {
    await make('Say "hi", all');
    const statement = 'select title, assignee from issues';
    expect(await mustBd(place, ['sql', statement])).toContain('Say "hi", all');
    expect(await mustBd(place, ['sql', statement, '--csv'])).toBe('title,assignee\n"Say ""hi"", all",\n');
    expect(await json('sql', statement)).toEqual([{ title: 'Say "hi", all', assignee: null }]);
  });
});

describe('dependencies', () => {
  test('tree and cycles: up and down, cut at a depth, each bead once', async () => {
    const [a, b, c] = [await make('A'), await make('B'), await make('C')];
    await mustBd(place, ['dep', 'add', a, b]);
    await mustBd(place, ['dep', 'add', b, '--blocked-by', c]);
    await mustBd(place, ['dep', 'add', a, c]);
    expect(await json('dep', 'tree', a)).toMatchObject([
      { id: a, depth: 0, parent_id: '' },
      { id: expect.any(String), depth: 1, edge_from_parent: 'blocks' },
      { id: expect.any(String) },
    ]);
    expect(await json('dep', 'tree', c, '--reverse')).toHaveLength(3);
    expect(await json('dep', 'tree', a, '--max-depth', '0')).toMatchObject([{ id: a, truncated: true }]);
    expect(await json('dep', 'cycles')).toEqual([]);
    expect(await json('dep', 'list', c, '--direction', 'up')).toHaveLength(2);
    expect(await json('dep', 'list', a, b)).toHaveLength(3);
  });

  test('an edge that is not there cannot be removed', async () => {
    const [a, b] = [await make('A'), await make('B')];
    expect(await runBd(place, ['dep', 'remove', a, b])).toMatchObject({ code: 1, stdout: '' });
  });
});

test('count groups and stats add up', async () => {
  const [a] = [await make('A', '-t', 'bug', '-l', 'x'), await make('B', '-a', 'ann')];
  await make('Epic', '-t', 'epic');
  await mustBd(place, ['close', a]);
  expect(await json('count', '--by-type')).toMatchObject({
    groups: [
      { group: 'bug', count: 1 },
      { group: 'epic', count: 1 },
      { group: 'task', count: 1 },
    ],
    total: 3,
  });
  expect(await json('count', '-s', 'open')).toMatchObject({ count: 2 });
  expect((await json('stats')).summary).toMatchObject({
    total_issues: 3,
    closed_issues: 1,
    open_issues: 2,
    ready_issues: 2,
  });
});

test('every command has help that needs no ledger', async () => {
  const empty = { cwd: '/' };
  for (const words of [[], ['create'], ['dep'], ['dep', 'add'], ['config', 'set']]) {
    const answer = await runBd(empty, [...words, '--help']);
    expect(answer, words.join(' ')).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('Usage:'),
    });
  }
});
