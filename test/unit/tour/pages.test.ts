import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endingsPage } from '../../../scripts/tour/endings-page.ts';
import { filesPage } from '../../../scripts/tour/files-page.ts';
import { historyPage } from '../../../scripts/tour/history-page.ts';
import { indexPage, linkFromReadme } from '../../../scripts/tour/index-page.ts';
import { languagesPage } from '../../../scripts/tour/languages-page.ts';
import { largestPage } from '../../../scripts/tour/largest-page.ts';
import { todosPage } from '../../../scripts/tour/todos-page.ts';
import type { TrackedFile } from '../../../scripts/tour/repository.ts';

function file(path: string, text: string): TrackedFile {
  return { path, text, bytes: text.length, lines: text.split('\n').length - 1 };
}

const FILES = [
  file('README.md', '# Hello\n\nTODO: say more\n'),
  file('src/app.ts', '// TODO(ann): split this\nconst todo = 1;\n'.repeat(300)),
  file('src/odd name\u00e9|`x`.py', 'def f():\r\n    pass\r\n'),
  file('test/app.test.ts', 'test();  \n'),
  { path: 'logo.png', text: undefined, bytes: 5000, lines: 0 },
];

describe('pages of the tour', () => {
  test('every page starts with a heading, also for an empty repository', () => {
    for (const make of [filesPage, languagesPage, largestPage, todosPage, endingsPage]) {
      expect(make(FILES)).toMatch(/^# \S/);
      expect(make([])).toMatch(/^# \S/);
    }
    expect(historyPage([], new Set(), 0)).toMatch(/^# \S/);
  });

  test('todos count notes, not words in prose or code', () => {
    const page = todosPage([
      file('a.ts', 'const todo = 1; // nothing to do\n// TODO: one\n/* FIXME(bob) two */\n'),
      file('b.md', 'Our TODO list is short.\n'),
    ]);
    expect(page).toContain('2 notes in 1 file: 1 TODO, 1 FIXME.');
    expect(page).toContain('`a.ts:2`');
  });

  test('endings tell CRLF, mixed and unfinished files apart', () => {
    const page = endingsPage([
      file('win.txt', 'a\r\nb\r\n'),
      file('mixed.txt', 'a\r\nb\n'),
      file('open.txt', 'a\nb'),
    ]);
    expect(page).toContain('Of 3 text files: 1 use CRLF, 1 mix both endings, 1 lack a last newline.');
  });

  test('odd file names stay inside their table cell', () => {
    const row = filesPage(FILES)
      .split('\n')
      .find((line) => line.includes('src/'));
    expect(row?.replaceAll('\\|', '').split('|')).toHaveLength(7);
  });

  test('files that change together are found, bulk commits are not counted', () => {
    const bulk = Array.from({ length: 50 }, (_, index) => `f${index}`);
    const commit = (paths: readonly string[]) => ({
      sha: 'a'.repeat(40),
      author: 'Ann',
      at: 1_700_000_000,
      subject: 's',
      paths,
    });
    const page = historyPage(
      [commit(['a', 'b']), commit(['a', 'b']), commit(['b', 'a']), commit(bulk)],
      new Set(['a', 'b', ...bulk]),
      4,
    );
    expect(page).toContain('| `a` | `b` | 3 |');
    expect(page).not.toContain('`f1` | `f2`');
  });
});

describe('the index', () => {
  let dir: string;
  const back = process.cwd();

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tour-'));
    process.chdir(dir);
  });
  afterEach(() => {
    process.chdir(back);
    rmSync(dir, { recursive: true });
  });

  test('quotes the first paragraph of every page', () => {
    writeFileSync('files.md', '# Files\n\nMany files.\n\n## More\n');
    expect(indexPage('.')).toContain('- [Files](files.md): Many files.');
  });

  test('adds one line to the README in its own line ending, once', () => {
    writeFileSync('README.md', '# Hi\r\n\r\nText');
    linkFromReadme('tour');
    linkFromReadme('tour');
    expect(readFileSync('README.md', 'utf8')).toBe(
      '# Hi\r\n\r\nText\r\n\r\nA [tour of this repository](tour/index.md) shows what is where.\r\n',
    );
  });
});
