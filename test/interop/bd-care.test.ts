import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachWithLedger, standingAt } from './bd-folder.ts';
import { mustBd, runBd } from './run-bd.ts';

const { place, make, json, file, refusal } = eachWithLedger(
  standingAt('2026-03-04T10:30:00Z' /* a Wednesday */),
);

describe('care', () => {
  test('delete takes ids from a file, --cascade what waits too, and marks texts', async () => {
    const [a, other] = [await make('A'), await make('O')];
    const waits = await make('W', '--deps', a);
    const linked = await make('L', '--deps', `related:${a}`, '-d', `see ${a}.`);
    const list = file('ids.txt', `# gone\n${a}\n\n`);
    expect((await json('delete', '--from-file', list, '--cascade')).would_delete).toEqual([a, waits]);
    expect(await json('delete', '--from-file', list, other, '--cascade', '--force')).toMatchObject({
      deleted_count: 3,
      dependencies_removed: 2,
      references_updated: 1,
      orphaned_issues: [linked],
    });
    expect(await json('show', linked)).toMatchObject([{ description: `see [deleted:${a}].` }]);
    expect(await refusal('delete', '--force')).toBe('beads.no-ids');
  });

  test('defer and undefer', async () => {
    const id = await make('D');
    expect(await json('defer', id, '--until', 'tomorrow')).toMatchObject([
      { status: 'deferred', defer_until: '2026-03-05T00:00:00Z' },
    ]);
    expect(await json('ready')).toEqual([]);
    const [bead] = await json('undefer', id);
    expect(bead.status).toBe('open');
    expect(bead).not.toHaveProperty('defer_until');
    expect((await runBd(place, ['undefer', id])).stderr).toContain('is not deferred (status: open)');
  });

  test('set-state keeps one label per dimension and records each change', async () => {
    const id = await make('S', '-l', 'health:old,health:older,keep');
    const set = await json('set-state', id, 'health=failing', '--reason', 'disk full');
    expect(set).toMatchObject({ old_value: 'old', new_value: 'failing', event_id: `${id}.1`, changed: true });
    expect(await json('show', id)).toMatchObject([{ labels: ['health:failing', 'keep'] }]);
    expect(await json('show', `${id}.1`)).toMatchObject([
      {
        issue_type: 'event',
        status: 'closed',
        description: 'Changed health from old to failing\n\nReason: disk full',
      },
    ]);
    expect(await json('set-state', id, 'health=failing')).toMatchObject({ changed: false });
    expect(await json('state', id, 'health')).toMatchObject({ value: 'failing' });
    expect(await json('state', id, 'mood')).toMatchObject({ value: null });
    expect(await json('state', 'list', id)).toMatchObject({ states: { health: 'failing' } });
    const deep = await make('D', '--parent', await make('C', '--parent', await make('B', '--parent', id)));
    const { event_id: event } = await json('set-state', deep, 'health=ok');
    expect(await json('children', deep)).toMatchObject([{ id: event, issue_type: 'event' }]);
    expect(await refusal('set-state', id, 'gt=agent')).toBe('beads.bad-pair');
  });

  test('a batch is one transaction: all of it, or none', async () => {
    const [a, b] = [await make('A'), await make('B')];
    const good = {
      ...place,
      stdin: `# c\ncreate bug P1 "Say \\"hi\\"" there\ndep add ${b} ${a} related\nupdate ${b} priority=0 title="New B"\nclose ${a} all done\n`,
    };
    expect(JSON.parse(await mustBd(good, ['batch', '--json']))).toMatchObject({
      operations: 4,
      status: 'ok',
    });
    expect(await json('list', '--all')).toMatchObject([
      { title: 'New B', priority: 0 },
      { title: 'Say "hi" there', issue_type: 'bug' },
      { title: 'A', status: 'closed', close_reason: 'all done' },
    ]);
    const bad = await runBd({ ...place, stdin: 'create task 1 X\nclose fx-none\n' }, ['batch', '--json']);
    expect(JSON.parse(bad.stderr)).toMatchObject({
      code: 'batch.failed',
      error: expect.stringContaining('line 2'),
    });
    expect(await json('count')).toMatchObject({ count: 3 });
    for (const line of ['frob x', 'dep frob a b', 'create task', 'close "a', 'update a']) {
      const answer = await runBd({ ...place, stdin: line }, ['batch', '--json']);
      expect(JSON.parse(answer.stderr).code, line).toBe('batch.bad-line');
    }
  });

  test('purge lists closed wisps that nothing names, and deletes them only by force', async () => {
    const [wisp, named] = [await make('W', '--ephemeral'), await make('N', '--ephemeral')];
    const issue = await make('I', '--deps', `related:${named}`);
    await mustBd(place, ['close', wisp, named, issue]);
    expect(await json('purge')).toMatchObject({ dry_run: true, ids: [wisp] });
    expect(await json('purge', '--older-than', '1h', '--force')).toMatchObject({ purged_count: 0 });
    expect(await json('purge', '--pattern', '*-none-*', '--force')).toMatchObject({ purged_count: 0 });
    expect(await json('purge', '--force')).toMatchObject({ purged_count: 1 });
    expect(await json('show', named)).toMatchObject([{ id: named }]);
  });

  test('rename-prefix renames ids, texts and the files beside the database', async () => {
    const id = await make('R');
    await make('T', '-d', `after ${id}`);
    expect(await json('rename-prefix', 'nn-', '--dry-run')).toMatchObject({ issues_count: 2, dry_run: true });
    expect(await json('rename-prefix', 'nn')).toMatchObject({
      old_prefix: 'fx',
      new_prefix: 'nn',
      issues_count: 2,
    });
    expect(await json('search', 'after')).toMatchObject([{ description: `after nn-${id.slice(3)}` }]);
    expect(await make('New')).toMatch(/^nn-/);
    expect(readFileSync(join(place.cwd, '.beads/config.yaml'), 'utf8')).toContain('prefix: nn');
    expect(await refusal('rename-prefix', 'nn')).toBe('beads.same-prefix');
  });
});
