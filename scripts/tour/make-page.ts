import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endingsPage } from './endings-page.ts';
import { filesPage } from './files-page.ts';
import { historyPage } from './history-page.ts';
import { indexPage, linkFromReadme } from './index-page.ts';
import { languagesPage } from './languages-page.ts';
import { largestPage } from './largest-page.ts';
import { commits, git, trackedFiles } from './repository.ts';
import { todosPage } from './todos-page.ts';

/**
 * `make-page.ts <page> <dir>`: writes one page about the repository in the current folder to `<dir>/<page>.md`.
 * This is what each worker of the quickstart runs in its worktree.
 */
const [pageName = '', dir = ''] = process.argv.slice(2);

const MAKERS: Readonly<Record<string, () => string>> = {
  files: () => filesPage(trackedFiles(dir)),
  languages: () => languagesPage(trackedFiles(dir)),
  history: () =>
    historyPage(
      commits(2000),
      new Set(trackedFiles(dir).map((file) => file.path)),
      Number(git('rev-list', '--count', 'HEAD')),
    ),
  largest: () => largestPage(trackedFiles(dir)),
  todos: () => todosPage(trackedFiles(dir)),
  endings: () => endingsPage(trackedFiles(dir)),
  index: () => indexPage(dir),
  // The page that the gate must refuse: it has no title.
  untitled: () => 'This page has no title, so the gate of the rig sends it back.\n',
};

const maker = MAKERS[pageName];
if (maker === undefined || dir === '') {
  process.stderr.write(`usage: make-page.ts ${Object.keys(MAKERS).join('|')} <dir>\n`);
  process.exit(1);
}
mkdirSync(dir, { recursive: true });
writeFileSync(join(dir, `${pageName}.md`), maker());
if (pageName === 'index') linkFromReadme(dir);
