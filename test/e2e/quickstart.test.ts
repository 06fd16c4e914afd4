import { execa } from 'execa';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/quickstart');

let home: TestHome;

beforeEach(() => {
  home = createTestHome();
});

afterEach(async () => {
  await home.dispose();
});

function quickstart(repo: string, ...flags: readonly string[]) {
  return execa(SCRIPT, [repo, ...flags], {
    env: home.env,
    extendEnv: false,
    cwd: home.home,
    stdin: 'ignore',
  });
}

function refsOf(repo: string): string {
  return git(repo, 'for-each-ref');
}

describe('scripts/quickstart', () => {
  test('tours an odd repository: trunk, submodule, CRLF, links, strange names; twice, and never writes to it', async () => {
    const library = createBareRepository(join(home.home, 'library.git'));
    const repo = createBareRepository(join(home.home, 'odd project.git'), {
      branch: 'trunk',
      files: {
        'README.md': '# Odd\r\n\r\nIt has CRLF.\r\n',
        'src/caf\u00e9 \u{1F600}.ts': 'export const a = 1;\n'.repeat(30),
        'src/tab\there.py': '# TODO: one\nprint(1)\n',
        'docs/ quoted "name".md': '# Quoted\n',
        '-dash.txt': 'dash',
      },
      links: { 'link-to-readme': 'README.md', dangling: 'nowhere' },
      submodules: { vendor: library },
    });
    const before = refsOf(repo);
    for (const run of [1, 2]) {
      const { stdout } = await quickstart(repo);
      expect(stdout).toMatch(/7 landed, 1 sent back, \d+ gate runs/);
      expect(stdout).toContain('docs/tour/untitled.md: the first line is not a heading');
      const mirror = join(home.home, 'gt-quickstart', `town-${run}`, 'odd_project/.origin.git');
      const pages = git(mirror, 'ls-tree', '--name-only', 'trunk', 'docs/tour/').split('\n');
      expect(pages).toEqual(
        ['endings', 'files', 'history', 'index', 'languages', 'largest', 'todos'].map(
          (page) => `docs/tour/${page}.md`,
        ),
      );
      expect(git(mirror, 'show', 'trunk:README.md')).toContain('docs/tour/index.md');
    }
    expect(refsOf(repo)).toBe(before);
    expect(readdirSync(join(home.home, 'gt-quickstart'))).toEqual(['town-1', 'town-2']);
  });

  test('wrong words end with one clear line and make nothing', async () => {
    const outcome = await execa(SCRIPT, [join(home.home, 'nowhere')], {
      env: home.env,
      extendEnv: false,
      cwd: home.home,
      reject: false,
    });
    expect(outcome.exitCode).toBe(1);
    expect(outcome.stderr).toContain(`Error: there is no repository at ${join(home.home, 'nowhere')}`);
  });
});
