import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachWithLedger, standingAt } from './bd-folder.ts';
import { mustBd } from './run-bd.ts';

const { place, make, json, file, refusal } = eachWithLedger(
  standingAt('2026-03-04T10:30:00Z' /* a Wednesday */),
);

describe('create', () => {
  test('times, metadata from a file, a repeated title and both label flags', async () => {
    const meta = file('m.json', '{"team":"a"}');
    const id = await make(
      'T',
      '--title',
      'T',
      '--due',
      '+2w',
      '--defer',
      'next monday',
      '--metadata',
      `@${meta}`,
      '-l',
      'b,a',
      '--label',
      'c',
    );
    expect(await json('show', id)).toMatchObject([
      {
        title: 'T',
        due_at: '2026-03-18T10:30:00Z',
        defer_until: '2026-03-09T00:00:00Z',
        metadata: { team: 'a' },
        labels: ['a', 'b', 'c'],
      },
    ]);
    expect(await refusal('create', 'x', '--due', 'someday')).toBe('bead.bad-time');
    expect(await refusal('create', 'x', '--title', 'y')).toBe('beads.two-titles');
  });

  test('a markdown file makes all its beads, or none', async () => {
    const dep = await make('Dep');
    const plan = file(
      'plan.md',
      `# Intro\n## One\ntext\n\`\`\`\n## code\n\`\`\`\n### Priority\nP1\n### Deps\n- ${dep}\n## Two\n### Type\nbug\n`,
    );
    expect(await json('create', '-f', plan)).toMatchObject([
      { title: 'One', priority: 1, description: 'text\n```\n## code\n```' },
      { title: 'Two', issue_type: 'bug', priority: 2 },
    ]);
    expect(await json('blocked')).toMatchObject([{ title: 'One', blocked_by: [dep] }]);
    const bad = file('bad.md', '## Three\n## Four\n### Deps\nfx-none\n');
    expect(await refusal('create', '-f', bad)).toBe('bead.not-found');
    expect(await refusal('create', '-f', file('typo.md', '## A\n### Prority\n1\n'))).toBe('beads.bad-plan');
    expect(await refusal('create', '-f', file('none.md', 'nothing'))).toBe('beads.bad-plan');
    expect(await json('count')).toMatchObject({ count: 3 });
  });

  test('a graph plan makes beads that name each other', async () => {
    const nodes = [
      { key: 'e', title: 'Epic', type: 'epic' },
      { key: 'a', title: 'A', parent_key: 'e', metadata_refs: { root: 'e' } },
      { key: 'b', title: 'B', parent_key: 'e', assignee: 'bob', assign_after_create: true },
    ];
    const plan = file('g.json', JSON.stringify({ nodes, edges: [{ from_key: 'b', to_key: 'a' }] }));
    expect(await json('create', '--graph', plan, '--dry-run')).toMatchObject({
      node_count: 3,
      edge_count: 1,
      parent_deps: 2,
    });
    expect(await json('count')).toMatchObject({ count: 0 });
    const { ids } = await json('create', '--graph', plan);
    expect(await json('show', ids.a, ids.b)).toMatchObject([
      { metadata: { root: ids.e }, parent: ids.e },
      { assignee: 'bob', parent: ids.e },
    ]);
    expect(await json('blocked')).toMatchObject([{ id: ids.b, blocked_by: [ids.a] }]);
  });

  test.each([
    ['a key that is no node', { nodes: [{ key: 'a', title: 'A', parent_key: 'x' }] }],
    ['an edge without an end', { nodes: [{ key: 'a', title: 'A' }], edges: [{ from_key: 'a' }] }],
    [
      'two equal keys',
      {
        nodes: [
          { key: 'a', title: 'A' },
          { key: 'a', title: 'B' },
        ],
      },
    ],
    ['a field it does not know', { nodes: [{ key: 'a', title: 'A', blocks: ['b'] }] }],
    ['no node', { nodes: [] }],
  ])('a graph plan with %s makes nothing', async (_, plan) => {
    expect(await refusal('create', '--graph', file('g.json', JSON.stringify(plan)))).toBe('beads.bad-plan');
    expect(await json('count')).toMatchObject({ count: 0 });
  });

  test('--repo writes into the ledger of another folder, --force keeps a foreign id here', async () => {
    const other = { ...place, cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')) };
    await mustBd(other, ['init', '--prefix', 'oo']);
    expect((await json('create', 'There', '--repo', other.cwd)).id).toMatch(/^oo-/);
    rmSync(other.cwd, { recursive: true });
    expect(await refusal('create', 'x', '--rig', 'nowhere')).toBe('beads.no-rig');
    expect(await refusal('create', 'x', '--id', 'zz-1')).toBe('bead.no-route');
    expect(await json('create', 'x', '--id', 'zz-1', '--force')).toMatchObject({ id: 'zz-1' });
    expect(await json('show', 'zz-1')).toMatchObject([{ title: 'x' }]);
  });
});

describe('update', () => {
  test('moves a bead between lasting and passing; promote does the same and says why', async () => {
    const id = await make('M', '-l', 'l');
    expect(await json('update', id, '--ephemeral')).toMatchObject([{ ephemeral: true, labels: ['l'] }]);
    expect(await json('promote', id, '-r', 'worth it')).toMatchObject({ id, labels: ['l'] });
    expect(await json('comments', id)).toMatchObject([
      { text: 'Promoted from wisp to permanent bead: worth it' },
    ]);
    expect(await refusal('promote', id)).toBe('beads.not-a-wisp');
    expect(await json('update', id, '--no-history')).toMatchObject([{ no_history: true }]);
    expect((await json('update', id, '--persistent'))[0]).not.toHaveProperty('no_history');
  });

  test('typed metadata, an await id, a session, and a date taken off opens what it put off', async () => {
    const id = await make('U', '--defer', '+1d');
    await mustBd(place, ['update', id, '-s', 'deferred']);
    const words = [
      '--defer',
      '',
      '--await-id',
      '42',
      ...['n=5', 's=007', 'b=true'].flatMap((pair) => ['--set-metadata', pair]),
    ];
    const [bead] = await json('update', id, ...words);
    expect(bead).toMatchObject({ status: 'open', await_id: '42', metadata: { n: 5, s: '007', b: true } });
    expect(bead).not.toHaveProperty('defer_until');
    expect(await json('update', id, '-s', 'closed', '--session', 's-1')).toMatchObject([
      { closed_by_session: 's-1' },
    ]);
  });

  test('an empty pipe does not wipe a description', async () => {
    const id = await make('D', '-d', 'keep');
    expect(await refusal('update', id, '--stdin')).toBe('beads.no-text');
    expect((await json('update', id, '--stdin', '--allow-empty-description'))[0]).not.toHaveProperty(
      'description',
    );
  });
});

describe('close', () => {
  test('one reason per bead in their order, or one for all', async () => {
    const [a, b] = [await make('A'), await make('B')];
    expect(await refusal('close', a, b, '-r', '1', '-r', '2', '-r', '3')).toBe('beads.reasons');
    expect(await json('close', a, b, '-r', 'first', '-r', 'second')).toMatchObject([
      { close_reason: 'first' },
      { close_reason: 'second' },
    ]);
  });

  test('--suggest-next tells what became ready, and is a bare list when nothing did', async () => {
    const [a, b] = [await make('A'), await make('B')];
    const waits = await make('W', '--deps', `${a},${b}`);
    expect(await json('close', a, '--suggest-next')).toMatchObject([{ id: a }]);
    expect(await json('close', b, '--suggest-next')).toMatchObject({
      closed: [{ id: b }],
      unblocked: [{ id: waits }],
    });
  });

  test('--continue claims the next step of the molecule until it is complete', async () => {
    const root = await make('M', '-t', 'molecule');
    const one = await make('S1', '--parent', root);
    const two = await make('S2', '--parent', root, '--deps', one);
    const three = await make('S3', '--parent', root, '--deps', two);
    expect(await json('close', one, '--continue')).toMatchObject({
      closed: [{ id: one }],
      continue: {
        next_step: { id: two, status: 'in_progress', assignee: 'alice' },
        auto_advanced: true,
        molecule_id: root,
      },
    });
    expect((await json('close', two, '--continue', '--no-auto')).continue).toMatchObject({
      next_step: { id: three, status: 'open' },
      auto_advanced: false,
      molecule_complete: false,
    });
    expect((await json('close', three, '--continue')).continue).toMatchObject({ molecule_complete: true });
    expect(await json('show', root)).toMatchObject([{ status: 'closed' }]);
    expect(await json('close', await make('alone'), '--continue')).toMatchObject([{ title: 'alone' }]);
  });
});
