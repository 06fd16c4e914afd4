import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { page, section } from './markdown.ts';

/** The pages of the tour with the paragraph under their title, in reading order. */
export function indexPage(dir: string): string {
  const entries = readdirSync(dir)
    .filter((name) => name.endsWith('.md') && name !== 'index.md')
    .toSorted()
    .map((name) => ({ name, ...headOf(readFileSync(join(dir, name), 'utf8')) }));
  const items = entries.map((entry) => `- [${entry.title}](${entry.name}): ${entry.summary}`);
  return page(
    'Tour of this repository',
    `${entries.length} short pages made from the repository itself: what it holds, how it grew and where it is rough.`,
    section('Pages', items.join('\n')),
    section(
      'How they were made',
      'Each page is the work of one agent in its own worktree, and came here through the merge queue.',
    ),
  );
}

function headOf(text: string): { readonly title: string; readonly summary: string } {
  const blocks = text.split(/\n{2,}/);
  return {
    title: (blocks[0] ?? '').replace(/^#+\s*/, '').trim(),
    summary: (blocks[1] ?? '').replaceAll(/\s+/g, ' ').trim(),
  };
}

const README_NAMES = ['README.md', 'README.markdown', 'README', 'README.txt', 'readme.md', 'Readme.md'];

/** Adds one line that points at the tour to the README, in its own line ending; does nothing without one or when it is there. */
export function linkFromReadme(dir: string): void {
  const name = README_NAMES.find((candidate) => existsSync(candidate));
  if (name === undefined) return;
  const text = readFileSync(name, 'utf8');
  const target = posix.join(dir, 'index.md');
  if (text.includes(target)) return;
  const ending = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = text === '' || text.endsWith(ending) ? ending : ending + ending;
  writeFileSync(name, `${text}${gap}A [tour of this repository](${target}) shows what is where.${ending}`);
}
