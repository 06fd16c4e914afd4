import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eachWithLedger } from './bd-folder.ts';
import { mustBd, runBd } from './run-bd.ts';

const { place, make, json, file, refusal } = eachWithLedger();

/** What a person reads when the command fails. */
async function complaint(...words: readonly string[]): Promise<string> {
  const answer = await runBd(place, words);
  expect(answer.code).toBe(1);
  return answer.stderr;
}

describe('wrong words', () => {
  test.each([
    ['create', 'x', '-e', '-5'],
    ['create', 'x', '--mol-type', 'nope'],
    ['create', 'x', '--wisp-type', 'nope'],
    ['list', '--dolt-auto-commit', 'maybe'],
  ])('%s %s %s %s: a value that the flag does not take, and nothing is made', async (...words) => {
    expect(await refusal(...words)).toBe('flag.bad-value');
    expect(await json('count')).toMatchObject({ count: 0 });
  });

  test.each([
    ['list', '-a', 'bob', '--no-assignee'],
    ['list', '--parent', 'fx-1', '--no-parent'],
    ['ready', '--claim', '--explain'],
    ['update', 'fx-1', '--notes', 'a', '--append-notes', 'b'],
  ])('%s %s %s %s: flags that contradict each other', async (...words) => {
    expect(await refusal(...words)).toBe('flag.exclusive');
  });

  test('a shortened name reaches no command: it could be one that rewrites every id', async () => {
    const id = await make('Kept');
    expect(await complaint('ren', 'zz')).toContain('Did you mean rename-prefix?');
    expect(await json('show', id)).toMatchObject([{ id }]);
  });

  test('each failure names the next step; --json keeps the words that programs know', async () => {
    const id = await make('T');
    expect(await complaint('close', 'nope')).toBe('Error: no issue found matching "nope"\n\nRun: bd list\n');
    expect(await complaint('update', id, '-s', 'nosuch')).toContain('\n\nValid statuses: open, ');
    expect((await runBd(place, ['close', 'nope', '--json'])).stderr).toBe('no issue found matching "nope"\n');
    const unknown = await runBd(place, ['show', id, '--nosuch', '--json']);
    expect(JSON.parse(unknown.stderr)).toMatchObject({
      code: 'flag.unknown',
      hint: expect.stringContaining('Usage: bd show'),
    });
  });

  test('a prefix that nobody has: says which there are', async () => {
    expect(await complaint('create', 'x', '--deps', 'zz-1')).toContain('Ids here begin with fx-');
  });

  test('what an import does not take is named', async () => {
    const bad = file('bad.jsonl', '{"id":"fx-1","title":5}\n');
    expect(await complaint('import', bad)).toContain('line 1: title: wanted string');
  });
});

describe('places that are not there', () => {
  test.each([['none'], ['README']])('-C %s', async (name) => {
    file('README', 'text');
    expect(await refusal('-C', join(place.cwd, name), 'list')).toBe('files.not-found');
    expect(await refusal('-C', join(place.cwd, 'none'), 'setup', 'claude')).toBe('files.not-found');
    expect(existsSync(join(place.cwd, 'none'))).toBe(false);
  });

  test('--db takes a .db file', async () => {
    expect(await refusal('--db', file('README', 'text'), 'list')).toBe('flag.bad-value');
  });

  test('export makes no folder', async () => {
    expect(await refusal('export', '-o', 'none/x.jsonl')).toBe('files.not-found');
    expect(existsSync(join(place.cwd, 'none'))).toBe(false);
  });

  test('a redirect that leads nowhere is told as such', async () => {
    file('.beads/redirect', join(place.cwd, 'gone'));
    expect(await complaint('list')).toContain(`${join(place.cwd, 'gone')}, which is not there`);
  });
});

test('closing what is closed says so and keeps the first reason', async () => {
  const id = await make('T');
  await mustBd(place, ['close', id, '-r', 'first']);
  expect(await mustBd(place, ['close', id, '-r', 'second'])).toContain(`Already closed ✓ ${id}`);
  expect(await json('show', id)).toMatchObject([{ close_reason: 'first' }]);
});

test('an empty list without a town speaks of no town', async () => {
  expect(await mustBd(place, ['list'])).toBe(
    'No beads match. New: bd create "Title"; closed ones: bd list --all\n',
  );
});
