import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportBeads, jsonlText } from '../../../src/beads/jsonl/export.ts';
import { importBeads, type ImportResult } from '../../../src/beads/jsonl/import.ts';
import { parseJsonl } from '../../../src/beads/jsonl/parse.ts';
import type { ConflictRule } from '../../../src/beads/jsonl/plan.ts';
import type { Database, Store } from '../../../src/ports/store.ts';
import { codeOf, systemRandom } from '../../contract/ledger/setup.ts';
import { createFakeStore } from '../../fakes/store.ts';

let store: Store;
beforeEach(() => {
  store = createFakeStore();
});
afterEach(() => store.close());

function open(name: string): Promise<Database> {
  return store.create(name, { prefix: 'fx', projectId: name });
}

const clock = {
  now: () => Date.parse('2026-03-01T12:00:00Z'),
  monotonic: () => 0,
  sleep: async () => undefined,
};

interface How {
  readonly rule?: ConflictRule;
  readonly dryRun?: boolean;
}

function take(database: Database, content: string, how: How = {}): Promise<ImportResult> {
  return importBeads({
    database,
    prefix: 'fx',
    routes: [
      { prefix: 'fx', database: database.name },
      { prefix: 'hq', database: 'elsewhere' },
    ],
    actor: 'ann',
    clock,
    random: systemRandom,
    file: parseJsonl(content, 'fx'),
    rule: how.rule ?? 'newer',
    dryRun: how.dryRun ?? false,
  });
}

async function give(database: Database): Promise<string> {
  return jsonlText((await exportBeads(database, { all: true, infra: true, memories: true })).lines);
}

function lines(...records: readonly object[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

const A = {
  id: 'fx-a',
  title: 'First',
  updated_at: '2026-01-02T00:00:00Z',
  created_at: '2026-01-01T00:00:00Z',
};

const odd = fc.string({ unit: 'grapheme', maxLength: 40 });
const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
  .map((date) => `${date.toISOString().slice(0, 19)}Z`);
const ids = Array.from({ length: 6 }, (_, index) => `fx-${index}`);
const issue = (id: string) =>
  fc.record(
    {
      id: fc.constant(id),
      title: odd.map((text) => `t${text.replaceAll('\0', '')}`),
      description: odd,
      notes: odd,
      status: fc.constantFrom('open', 'in_progress', 'closed', 'deferred', 'staged_ready'),
      priority: fc.integer({ min: 0, max: 4 }),
      issue_type: fc.constantFrom('task', 'bug', 'epic', 'agent', 'message'),
      assignee: fc.constantFrom('ann', 'r/polecats/x'),
      created_at: time,
      updated_at: time,
      closed_at: time,
      due_at: time,
      estimated_minutes: fc.integer({ min: 0, max: 900 }),
      metadata: fc.dictionary(fc.constantFrom('a', 'b-c', 'd.e'), fc.oneof(odd, fc.integer(), fc.boolean())),
      labels: fc.uniqueArray(fc.constantFrom('money', 'urgent', 'gt:keep', 'ünï')),
      ephemeral: fc.boolean(),
      is_template: fc.boolean(),
      pinned: fc.boolean(),
      await_type: fc.constantFrom('timer', 'gh:pr'),
      timeout: fc.constantFrom(0, 3_600_000_000_000),
      waiters: fc.array(fc.constantFrom('mayor/', 'r/witness')),
      comments: fc.array(
        fc.record({ author: fc.constant('bob'), text: odd.map((text) => `c${text}`), created_at: time }),
        { maxLength: 3 },
      ),
      dependencies: fc.uniqueArray(
        fc.record({
          depends_on_id: fc.constantFrom(...ids, 'external:zz:zz-1', 'other-2'),
          type: fc.constantFrom('blocks', 'parent-child', 'related', 'waits-for', 'tracks'),
          created_at: time,
          metadata: fc.constantFrom('{}', '{"gate":"any-children"}'),
        }),
        { selector: (edge) => edge.depends_on_id, maxLength: 3 },
      ),
    },
    { requiredKeys: ['id', 'title', 'created_at', 'updated_at'] },
  );

describe('export and import', () => {
  test('export -> import into an empty database -> export is the identity, and a second import changes nothing', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.tuple(...ids.map(issue)), async (records) => {
        round += 1;
        const [first, second] = [await open(`a${round}`), await open(`b${round}`)];
        await take(first, lines(...records));
        const exported = await give(first);
        const result = await take(second, exported);
        expect(result.skippedDependencies).toEqual([]);
        expect(await give(second)).toBe(exported);
        const again = await take(second, exported);
        expect(again).toMatchObject({ created: [], updated: [], conflicts: [], unchanged: ids.length });
        expect(await give(second)).toBe(exported);
        const blocked = 'SELECT id, is_blocked FROM issues ORDER BY id';
        expect(await second.query(blocked)).toEqual(await first.query(blocked));
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  test('a differing bead is reported with its fields; the later updated_at wins, or whom the caller says', async () => {
    const database = await open('a');
    await take(database, lines({ ...A, labels: ['kept'] }));
    const older = lines({ ...A, title: 'Old', updated_at: '2026-01-01T00:00:00Z' });
    const newer = lines({
      ...A,
      title: 'New',
      priority: 0,
      labels: ['more'],
      updated_at: '2026-01-03T00:00:00Z',
    });
    const titles = async () => (await database.query('SELECT title, priority FROM issues'))[0];

    expect(await take(database, older)).toMatchObject({
      updated: [],
      conflicts: [{ id: 'fx-a', fields: ['title'], winner: 'ledger' }],
    });
    expect(await take(database, newer, { dryRun: true })).toMatchObject({ updated: ['fx-a'] });
    expect(await titles()).toEqual({ title: 'First', priority: 2 });
    expect(await take(database, newer)).toMatchObject({
      conflicts: [{ id: 'fx-a', fields: ['title', 'priority', 'labels'], winner: 'file' }],
    });
    expect(await titles()).toEqual({ title: 'New', priority: 0 });
    expect(await database.query('SELECT label FROM labels ORDER BY label')).toEqual([
      { label: 'kept' },
      { label: 'more' },
    ]);
    await take(database, older, { rule: 'file' });
    expect(await titles()).toMatchObject({ title: 'Old' });
    await take(database, newer, { rule: 'ledger' });
    expect(await titles()).toMatchObject({ title: 'Old' });
  });

  test.each([
    ['a torn line', `${lines(A)}{"id":"fx-b","title":`, 'line 2'],
    ['no object', `${lines(A)}[1]`, 'line 2'],
    ['no title', lines(A, { id: 'fx-b' }), 'line 2'],
    ['an id that is none', lines(A, { ...A, id: 'fx b; DROP' }), 'line 2'],
    ['a priority that is none', lines({ ...A, priority: 9 }), 'line 1'],
    ['a time that is none', lines({ ...A, due_at: 'soon' }), 'line 1'],
    ['a status nobody knows', lines(A, { ...A, id: 'fx-b', status: 'vanished' }), 'line 2'],
    ['a type nobody knows', lines(A, { ...A, id: 'fx-b', issue_type: 'thing' }), 'line 2'],
  ])('%s: refused with its line, nothing written', async (_what, content, line) => {
    const database = await open('a');
    await expect((async () => take(database, content))()).rejects.toMatchObject({
      code: 'import.bad-line',
      message: expect.stringContaining(line) as string,
    });
    expect(await database.query('SELECT id FROM issues')).toEqual([]);
  });

  test('a bead of another database of the town is refused: it would be looked for there', async () => {
    expect(await codeOf(take(await open('a'), lines({ ...A, id: 'hq-1' })))).toBe('import.foreign-bead');
  });

  test('headers, blank lines and tombstones are skipped, metadata.script is taken out and said', async () => {
    const content = `{"_schema":"beads-jsonl/1"}\n\n${lines(
      { ...A, status: 'tombstone' },
      { ...A, id: 'fx-b', metadata: { script: { cmd: 'rm -rf /' }, k: 1 } },
    )}`;
    const file = parseJsonl(content, 'fx');
    expect(file.scriptsDropped).toEqual(['fx-b']);
    const database = await open('a');
    await take(database, content);
    expect(await database.query('SELECT id, metadata FROM issues')).toEqual([
      { id: 'fx-b', metadata: '{"k":1}' },
    ]);
  });

  test('memories leave only when asked for, and come in as they were', async () => {
    const [first, second] = [await open('a'), await open('b')];
    await take(first, lines({ _type: 'memory', key: 'lint', value: 'always run lint' }, A));
    const plain = { all: false, infra: false, memories: false };
    expect((await exportBeads(first, plain)).memories).toBe(0);
    const asked = await exportBeads(first, { ...plain, memories: true });
    expect(asked.lines.at(-1)).toEqual({ _type: 'memory', key: 'lint', value: 'always run lint' });
    expect(await take(second, jsonlText(asked.lines))).toMatchObject({ memories: 1 });
    expect(await take(second, jsonlText(asked.lines))).toMatchObject({ memories: 0 });
  });

  test('an edge that would close a circle, or that leads nowhere, is left out and said', async () => {
    const edge = (to: string) => [{ depends_on_id: to, type: 'blocks' }];
    const result = await take(
      await open('a'),
      lines(
        { ...A, dependencies: edge('fx-b') },
        { ...A, id: 'fx-b', dependencies: [...edge('fx-a'), ...edge('fx-gone')] },
      ),
    );
    expect(result.skippedDependencies.toSorted()).toEqual([
      'fx-a -> fx-b: it would close a circle',
      'fx-b -> fx-a: it would close a circle',
      'fx-b -> fx-gone: there is no such bead',
    ]);
  });

  test('a line without id gets the same id each time', async () => {
    const database = await open('a');
    const content = lines({ title: 'By hand', description: 'x' });
    const first = await take(database, content);
    expect(first.created).toHaveLength(1);
    expect(await take(database, content)).toMatchObject({ created: [], updated: [], unchanged: 1 });
  });
});

test('a line with metadata too deep for any reader is refused with its number', () => {
  const deep = `{"title":"t","metadata":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
  expect(() => parseJsonl(`\n${deep}`, 'fx')).toThrow(/^line 2: its metadata is nested too deeply/);
});

test('a number that no column can hold is left out', () => {
  const [issue] = parseJsonl('{"title":"t","timeout":1e999}', 'fx').issues;
  expect(issue?.record).not.toHaveProperty('timeout');
});
