import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/ports/clock.ts';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

let place: BdPlace;

/** It stands: order follows from the other keys. */
const clock: Clock = {
  now: () => Date.parse('2026-03-01T12:00:00Z'),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

beforeEach(async () => {
  place = { cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')), clock };
  await mustBd(place, ['init', '--prefix', 'fx']);
});
afterEach(() => rmSync(place.cwd, { recursive: true, force: true }));

const text = (...words: readonly string[]): Promise<string> => mustBd(place, words);
const make = async (...words: readonly string[]): Promise<string> => (await text('q', ...words)).trim();
const json = async (...words: readonly string[]) => JSON.parse(await text(...words, '--json'));
const idsOf = (beads: readonly { readonly id: string }[]): readonly string[] => beads.map(({ id }) => id);

/** An epic with three children in a row, and a bug of its own. */
async function makeEpic() {
  const epic = await make('Epic', '--id', 'fx-e', '-t', 'epic');
  const children = [
    await make('One', '--parent', epic),
    await make('Two', '--parent', epic),
    await make('Three', '--parent', epic),
  ];
  await text('dep', 'add', children[1] ?? '', children[0] ?? '');
  await text('dep', 'add', children[2] ?? '', children[1] ?? '');
  await make('Bug', '--id', 'fx-b', '-t', 'bug', '-p', '0', '-l', 'tech-debt', '--notes', 'later');
  return { epic, children };
}

describe('filters', () => {
  test('every flag narrows list, ready, count and search alike', async () => {
    await makeEpic();
    await make('Due', '--id', 'fx-d', '--due', '2020-01-01', '--metadata', '{"team":"core"}', '-d', 'text');
    await make('Later', '--id', 'fx-l', '--defer', '2999-01-01', '--parent', 'fx-b', '--no-inherit-labels');
    const cases: readonly (readonly [flags: readonly string[], ids: string])[] = [
      [['--priority-max', 'P1'], 'fx-b'],
      [['--priority-min', '1', '--no-parent'], 'fx-d fx-e'],
      [['--label-pattern', 'tech-*'], 'fx-b'],
      [['--no-labels', '-t', 'bug'], ''],
      [['--exclude-label', 'tech-debt', '--no-parent'], 'fx-d fx-e'],
      [['--empty-description', '--type', 'epic,bug'], 'fx-b fx-e'],
      [['--desc-contains', 'TEX'], 'fx-d'],
      [['--notes-contains', 'late'], 'fx-b'],
      [['--title-contains', 'ee'], 'fx-e.3'],
      [['--overdue'], 'fx-d'],
      [['--due-before', 'now'], 'fx-d'],
      [['--due-after', '2d'], ''],
      [['--deferred'], 'fx-l'],
      [['--defer-after', 'tomorrow'], 'fx-l'],
      [['--created-after', '1h', '-t', 'bug'], 'fx-b'],
      [['--created-before', 'yesterday'], ''],
      [['--updated-after', '2 hours ago', '-t', 'epic'], 'fx-e'],
      [['--metadata-field', 'team=core'], 'fx-d'],
      [['--has-metadata-key', 'team'], 'fx-d'],
      [['--parent', 'e'], 'fx-e.1 fx-e.2 fx-e.3'],
      [['--id', 'fx-e.1,fx-b,fx-none'], 'fx-b fx-e.1'],
      [['--exclude-type', 'task,epic'], 'fx-b'],
    ];
    for (const [flags, ids] of cases) {
      expect([flags, idsOf(await json('list', '--sort', 'id', ...flags)).join(' ')]).toEqual([flags, ids]);
      expect([flags, (await json('count', ...flags)).count]).toEqual([
        flags,
        ids.split(' ').filter(Boolean).length,
      ]);
    }
    expect(idsOf(await json('ready', '--no-parent', '--exclude-type', 'epic'))).toEqual(['fx-b', 'fx-d']);
    expect(idsOf(await json('ready', '--parent', 'fx-e'))).toEqual(['fx-e.1']);
    expect(idsOf(await json('search', 'e', '--label-pattern', '*debt'))).toEqual([]);
  });

  test.each([
    [['list', '-s', 'opem'], 'bead.bad-status', 'did you mean open?'],
    [['list', '-t', 'bugg'], 'bead.bad-type', 'did you mean bug?'],
    [['list', '--parent', 'none'], 'bead.not-found', 'no issue found'],
    [['ready', '--parent', 'none'], 'bead.not-found', 'no issue found'],
    [['list', '--created-after', 'soon'], 'bead.bad-time', "'soon' is not a time"],
    [['list', '--priority-min', '7'], 'bead.bad-priority', 'invalid priority'],
    [['query', 'status=opem'], 'bead.bad-status', 'did you mean open?'],
    [['query', 'prio=1'], 'query.field', "no field 'prio'"],
    [['query', 'status=open AND'], 'query.syntax', 'at character 16'],
  ])('%j is refused, not answered with an empty list', async (words, code, message) => {
    await make('Any');
    const answer = await runBd(place, [...words, '--json']);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    const error = JSON.parse(answer.stderr);
    expect(error).toMatchObject({ code, schema_version: 1 });
    expect(error.error).toContain(message);
  });

  test('a query leaves closed beads out unless it names a status or --all is given', async () => {
    const id = await make('Gone');
    await text('close', id);
    expect(await json('query', 'title=gone')).toEqual([]);
    expect(idsOf(await json('query', 'title=gone', '--all'))).toEqual([id]);
    expect(idsOf(await json('query', 'status!=open'))).toEqual([id]);
    expect(await text('query', 'a=1 or b=2 and c=3', '--parse-only')).toBe('(a=1 OR (b=2 AND c=3))\n');
  });

  test('a custom status is known to list, a type that only rows have as well', async () => {
    await text('config', 'set', 'status.custom', 'review:wip');
    expect(await json('list', '-s', 'review')).toEqual([]);
    expect(await json('query', 'status=review')).toEqual([]);
  });
});

describe('reports', () => {
  test('swarm: validate tells the waves, create makes one molecule, status and list follow the work', async () => {
    const { children } = await makeEpic();
    expect(await json('swarm', 'validate', 'fx-e')).toMatchObject({
      epic_id: 'fx-e',
      total_issues: 3,
      max_parallelism: 1,
      ready_fronts: children.map((id, wave) => ({ wave, issues: [id] })),
      swarmable: true,
      warnings: [],
    });
    const made = await json('swarm', 'create', 'fx-e', '--coordinator', 'carol');
    expect(made).toMatchObject({ epic_id: 'fx-e', coordinator: 'carol', analysis: { swarmable: true } });
    expect(await runBd(place, ['swarm', 'create', 'fx-e'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(made.swarm_id),
    });
    await text('close', children[0] ?? '');
    expect(await json('swarm', 'status', made.swarm_id)).toMatchObject({
      total_issues: 3,
      completed: [{ id: children[0] }],
      ready: [{ id: children[1] }],
      blocked: [{ id: children[2], blocked_by: [children[1]] }],
    });
    expect(await json('swarm', 'list')).toMatchObject({
      swarms: [{ id: made.swarm_id, coordinator: 'carol', total_issues: 3, completed_issues: 1 }],
    });
    expect(await runBd(place, ['swarm', 'status', 'fx-b'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not an epic'),
    });
  });

  test('swarm create puts an epic around a single bead, or changes nothing', async () => {
    await makeEpic();
    const made = await json('swarm', 'create', 'fx-b');
    expect(idsOf(await json('children', made.epic_id))).toEqual(['fx-b']);
    const { count } = await json('count');
    expect((await runBd(place, ['swarm', 'create', 'fx-e', '--readonly'])).code).toBe(1);
    expect((await runBd(place, ['swarm', 'create', made.epic_id])).code).toBe(1);
    expect((await json('count')).count).toBe(count);
  });

  test('epics close when all their children are closed, and not before', async () => {
    const { children } = await makeEpic();
    expect(await json('epic', 'close-eligible')).toEqual([]);
    await text('close', ...children, '--force');
    expect(await json('epic', 'status', '--eligible-only')).toMatchObject([
      { epic: { id: 'fx-e' }, total_children: 3, closed_children: 3, eligible_for_close: true },
    ]);
    expect((await json('stats')).summary).toMatchObject({ epics_eligible_for_closure: 1 });
    expect(await json('epic', 'close-eligible', '--dry-run')).toHaveLength(1);
    expect(await runBd(place, ['epic', 'close-eligible', '--readonly'])).toMatchObject({ code: 1 });
    expect(await json('epic', 'close-eligible')).toMatchObject({ closed: ['fx-e'], count: 1 });
    expect(await json('epic', 'status')).toEqual([]);
  });

  test('graph: layers follow the blockers, dot quotes what it prints', async () => {
    const { children } = await makeEpic();
    await text('update', 'fx-b', '--title', 'Say "hi" \\');
    const graph = await json('graph', children[1] ?? '');
    expect(graph.layout).toMatchObject({
      RootID: children[1],
      MaxLayer: 2,
      Layers: [['fx-e', children[0]], [children[1]], [children[2]]],
    });
    expect((await json('graph', '--all')).map((one: { Issues: unknown[] }) => one.Issues.length)).toEqual([
      4, 1,
    ]);
    expect(await text('graph', 'fx-b', '--dot')).toContain('label="fx-b: Say \\"hi\\" \\\\"');
    expect(await json('graph', 'check')).toMatchObject({ clean: true, cycles: [] });
    expect((await runBd(place, ['graph'])).code).toBe(1);
  });

  test('lint names missing sections and exits 1 for people', async () => {
    await makeEpic();
    await make('Done well', '--id', 'fx-ok', '--acceptance', 'works');
    const found = await json('lint', '-t', 'bug');
    expect(found).toMatchObject({
      total: 2,
      issues: 1,
      results: [{ id: 'fx-b', missing: ['## Steps to Reproduce', '## Acceptance Criteria'], warnings: 2 }],
    });
    expect(await runBd(place, ['lint', 'fx-b'])).toMatchObject({ code: 1 });
    expect(await runBd(place, ['lint', 'fx-ok'])).toMatchObject({ code: 0 });
  });

  test('duplicates: the connected one stays, children move to it, the others are closed and related', async () => {
    const [plain, parent] = [await make('Same', '--id', 'fx-1'), await make('Same', '--id', 'fx-2')];
    const [a, b] = [await make('A', '--parent', plain), await make('B', '--parent', parent)];
    await make('C', '--parent', parent);
    expect(await json('duplicates')).toMatchObject({
      duplicate_groups: 1,
      groups: [{ suggested_target: parent, suggested_sources: [plain] }],
    });
    expect(await json('duplicates', '--auto-merge')).toMatchObject({
      merge_results: [{ target: parent, closed: [plain], reparented: [a] }],
    });
    expect(idsOf(await json('children', parent))).toEqual(expect.arrayContaining([a, b]));
    expect(await json('show', plain)).toMatchObject([
      { status: 'closed', close_reason: `Duplicate of ${parent}` },
    ]);
    expect(await json('duplicates')).toEqual({ duplicate_groups: 0, groups: [], schema_version: 1 });
  });

  test('ready --explain tells why, and what holds the others', async () => {
    const { children } = await makeEpic();
    await text('close', children[0] ?? '');
    const told = await json('ready', '--explain', '--parent', 'fx-e');
    expect(told).toMatchObject({
      ready: [{ id: children[1], resolved_blockers: [children[0]] }],
      blocked: [{ id: children[2], blocked_by: [{ id: children[1], title: 'Two', status: 'open' }] }],
      summary: { total_ready: 1, total_blocked: 1, cycle_count: 0 },
    });
  });

  test('dep tree draws branches, both ways, by status, and as a flow chart', async () => {
    const { children } = await makeEpic();
    const [one = '', two = '', three = ''] = children;
    expect(await text('dep', 'tree', three)).toBe(
      `● ${three}  Three\n└─ ● ${two}  Two\n   └─ ○ ${one}  One\n      └─ ○ fx-e  Epic  (parent-child)\n`,
    );
    expect(idsOf(await json('dep', 'tree', two, '--direction', 'both'))).toEqual([two, one, 'fx-e', three]);
    await text('close', one);
    expect(idsOf(await json('dep', 'tree', three, '--status', 'closed'))).toEqual([three, two, one]);
    expect(await json('dep', 'tree', three, '--show-all-paths')).toHaveLength(6);
    expect(await text('dep', 'tree', one, '--format', 'mermaid')).toMatch(/^flowchart TD\n {2}n0\["/);
  });

  test('show --current is what the caller has in progress; children stand in a section of their own', async () => {
    await makeEpic();
    expect(await runBd(place, ['show', '--current'])).toMatchObject({ code: 1, stdout: '' });
    await text('update', 'fx-e.1', '--claim');
    expect(await json('show', '--current')).toMatchObject([{ id: 'fx-e.1' }]);
    const page = await text('show', 'fx-e');
    expect(page).toContain('Children (0 of 3 closed)\n  ◐ fx-e.1  One\n');
    expect(await json('show', 'fx-e', '--include-dependents')).toMatchObject([
      { epic_total_children: 3, epic_closeable: false },
    ]);
  });

  test('list --tree hangs children below their parents; empty lists say what to do next', async () => {
    await makeEpic();
    const lines = (await text('list', '--tree')).split('\n').map((line) => line.trim().split('  ')[0]);
    expect(lines).toEqual(expect.arrayContaining(['○ fx-e', '├─ ○ fx-e.1', '└─ ● fx-e.3']));
    for (const words of [
      ['list', '-l', 'none'],
      ['search', 'nothing'],
      ['children', 'fx-b'],
      ['query', 'label=none AND label=x'],
    ]) {
      expect(await text(...words), words.join(' ')).toMatch(/bd [a-z]+|--all/);
    }
  });
});
