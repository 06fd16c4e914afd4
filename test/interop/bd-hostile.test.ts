import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DANGEROUS, TEXTS } from '../contract/ledger/hostile.ts';
import { mustBd, runBd, type BdPlace } from './run-bd.ts';

let place: BdPlace;
beforeEach(async () => {
  place = { cwd: mkdtempSync(join(tmpdir(), 'gt-bd-')) };
  await mustBd(place, ['init', '--prefix', 'fx']);
});
afterEach(() => rmSync(place.cwd, { recursive: true, force: true }));

/** Everything that prints a bead. */
const VIEWS = [
  ['show', 'fx-h'],
  ['show', 'fx-h', '--short'],
  ['list', '--all'],
  ['list', '--all', '--long'],
  ['comments', 'fx-h'],
  ['dep', 'tree', 'fx-h'],
  ['dep', 'list', 'fx-h'],
  ['search', 't', '--status', 'all'],
  ['children', 'fx-p'],
  ['label', 'list', 'fx-h'],
  ['kv', 'list'],
  ['memories'],
  ['sql', 'SELECT * FROM issues'],
];

test.each(TEXTS)(
  '%s goes in as an argument, comes back from --json as written, and prints safely',
  async (_, text) => {
    const title = `t ${text}`;
    const fields = ['--description', text, '--design', text, '--acceptance', text, '--notes', text];
    await mustBd(place, ['create', 'Parent', '--id', 'fx-p', '--type', 'epic']);
    await mustBd(place, ['create', `--title=${title}`, '--id', 'fx-h', ...fields.map((word) => word)]);
    await mustBd(place, ['dep', 'add', 'fx-h', 'fx-p', '--type', 'parent-child']);
    await mustBd(place, ['comment', 'fx-h', '--', text]);
    await mustBd(place, ['kv', 'set', 'evil', text]);
    await mustBd(place, ['remember', '--key', 'evil', '--', text]);
    await mustBd(place, ['close', 'fx-h', '--reason', text]);

    const [shown] = await json(['show', 'fx-h', '--include-comments']);
    expect(shown).toMatchObject({
      title,
      description: text,
      design: text,
      acceptance_criteria: text,
      notes: text,
      close_reason: text,
      comments: [{ text }],
    });
    expect(await json(['kv', 'get', 'evil'])).toMatchObject({ value: text });
    for (const words of VIEWS) {
      const { stdout, stderr } = await runBd(place, words);
      expect(stderr, words.join(' ')).toBe('');
      expect(stdout, words.join(' ')).not.toMatch(DANGEROUS);
    }
    // What bd itself exports it reads back as the same bead.
    const lines = await mustBd(place, ['export', '--all']);
    writeFileSync(join(place.cwd, 'all.jsonl'), lines);
    await mustBd(place, ['delete', 'fx-h', '--force']);
    await mustBd(place, ['import', join(place.cwd, 'all.jsonl')]);
    expect((await json(['show', 'fx-h']))[0]).toMatchObject({ title, description: text, close_reason: text });
  },
);

test('a megabyte comes in by file and goes out whole', async () => {
  const text = `${'Grüße, 漢字! '.repeat(80_000)}end`;
  writeFileSync(join(place.cwd, 'big.md'), text);
  await mustBd(place, ['create', 'Big', '--id', 'fx-h', '--body-file', join(place.cwd, 'big.md')]);
  expect((await json(['show', 'fx-h']))[0]).toMatchObject({ description: text });
});

async function json(words: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  return JSON.parse(await mustBd(place, [...words, '--json'])) as Record<string, unknown>[];
}
