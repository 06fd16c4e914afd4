import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

let place: BdPlace;
beforeEach(async () => {
  place = { cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')) };
  await mustBd(place, ['init', '--prefix', 'fx', '--non-interactive', '--skip-hooks', '--skip-agents']);
  for (const id of ['fx-a', 'fx-b', 'fx-c']) await mustBd(place, ['create', `Bead ${id}`, '--id', id]);
});
afterEach(() => rmSync(place.cwd, { recursive: true, force: true }));

const json = async (...words: readonly string[]) => JSON.parse(await mustBd(place, [...words, '--json']));
const shown = async (id: string) => (await json('show', id))[0];
const edgesOf = async (id: string) =>
  (await shown(id)).dependencies?.map((edge: { id: string; dependency_type: string }) => [
    edge.id,
    edge.dependency_type,
  ]) ?? [];

describe('what people type instead of bd update', () => {
  test('a note is added below the others, from words, a file or a pipe; nothing to note is refused', async () => {
    await mustBd(place, ['note', 'fx-a', 'first', 'line']);
    writeFileSync(join(place.cwd, 'note.txt'), 'from a file\n');
    await mustBd(place, ['note', 'fx-a', '--file', 'note.txt']);
    const { notes } = JSON.parse(
      await mustBd({ ...place, stdin: 'from a pipe\n' }, ['note', 'fx-a', '--stdin', '--json']),
    );
    expect(notes).toBe('first line\nfrom a file\nfrom a pipe');
    expect(await runBd({ ...place, stdin: '\n' }, ['note', 'fx-a', '--stdin'])).toMatchObject({ code: 1 });
    expect((await shown('fx-a')).notes).toBe(notes);
  });

  test('assign, priority and tag change one field each and print the bead', async () => {
    expect(await json('assign', 'a', 'bob')).toMatchObject({ id: 'fx-a', assignee: 'bob' });
    expect(await json('assign', 'a', '')).not.toHaveProperty('assignee');
    expect(await json('priority', 'a', 'P0')).toMatchObject({ priority: 0 });
    expect(await runBd(place, ['priority', 'a', 'high'])).toMatchObject({ code: 1 });
    expect(await json('tag', 'a', "it's; hostile")).toMatchObject({ labels: ["it's; hostile"] });
  });

  test('an editor is not opened without a terminal, and nothing changes', async () => {
    const answer = await runBd({ ...place, env: { EDITOR: 'touch edited;' } }, ['edit', 'fx-a', '--title']);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain('bd update fx-a');
  });
});

describe('relations', () => {
  test('dep A --blocks B, link B A and dep add B A say the same', async () => {
    expect(await json('dep', 'fx-a', '--blocks', 'fx-b')).toMatchObject({
      blocker_id: 'fx-a',
      blocked_id: 'fx-b',
      status: 'added',
    });
    await mustBd(place, ['link', 'fx-c', 'fx-a']);
    expect([await edgesOf('fx-b'), await edgesOf('fx-c')]).toEqual([
      [['fx-a', 'blocks']],
      [['fx-a', 'blocks']],
    ]);
    expect((await json('ready')).map(({ id }: { id: string }) => id)).toEqual(['fx-a']);
    expect(await runBd(place, ['dep'])).toMatchObject({ code: 1 });
  });

  test('related beads are related either way; taking it back leaves other edges', async () => {
    await mustBd(place, ['dep', 'add', 'fx-a', 'fx-c']);
    expect(await json('dep', 'relate', 'fx-a', 'fx-b')).toMatchObject({ related: true });
    expect(await edgesOf('fx-b')).toEqual([['fx-a', 'relates-to']]);
    await mustBd(place, ['dep', 'unrelate', 'fx-b', 'fx-a']);
    expect([await edgesOf('fx-a'), await edgesOf('fx-b')]).toEqual([[['fx-c', 'blocks']], []]);
    expect(await runBd(place, ['dep', 'relate', 'fx-a', 'fx-a'])).toMatchObject({ code: 1 });
  });

  test('a duplicate is closed for the bead that stays, a superseded one for the one that takes its place', async () => {
    expect(await json('duplicate', 'fx-b', '--of', 'fx-a')).toMatchObject({
      duplicate: 'fx-b',
      canonical: 'fx-a',
      status: 'closed',
    });
    expect(await json('supersede', 'fx-c', '--with', 'fx-a')).toMatchObject({
      superseded: 'fx-c',
      replacement: 'fx-a',
    });
    expect([await shown('fx-b'), await shown('fx-c')]).toMatchObject([
      { status: 'closed', close_reason: 'Duplicate of fx-a' },
      { status: 'closed', close_reason: 'Superseded by fx-a' },
    ]);
    expect(await edgesOf('fx-c')).toEqual([['fx-a', 'supersedes']]);
    expect(await runBd(place, ['duplicate', 'fx-a', '--of', 'fx-a'])).toMatchObject({ code: 1 });
    expect((await shown('fx-a')).status).toBe('open');
  });
});

test('types and statuses name the built-in words and those of the settings', async () => {
  await mustBd(place, ['config', 'set', 'types.custom', 'ritual']);
  await mustBd(place, ['config', 'set', 'status.custom', 'in_review:wip']);
  const types = await json('types');
  expect(types.core_types[0]).toMatchObject({ name: 'task' });
  expect(types.custom_types).toEqual(['ritual']);
  const statuses = await json('statuses');
  expect(statuses.built_in_statuses.map(({ name }: { name: string }) => name)).toContain('hooked');
  expect(statuses.custom_statuses).toEqual([{ name: 'in_review', category: 'wip' }]);
});
