import { code, count, page, plural, section, size, table } from './markdown.ts';
import type { TrackedFile } from './repository.ts';

const LONG = 400;
const WIDE = 160;

/** What is hard to read because it is big: long files, wide lines, deep nesting, heavy binaries. */
export function largestPage(files: readonly TrackedFile[]): string {
  const texts = files.filter((file) => file.text !== undefined && file.lines > 0);
  const sorted = texts.map((file) => file.lines).toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const long = texts.filter((file) => file.lines > LONG).length;
  const summary = `The median text file has ${plural(median, 'line')}; ${plural(long, 'file')} of ${count(texts.length)} ${long === 1 ? 'is' : 'are'} longer than ${LONG}.`;
  return page('Largest', summary, longest(texts), spread(sorted), binaries(files));
}

function longest(texts: readonly TrackedFile[]): string {
  const rows = texts
    .toSorted((a, b) => b.lines - a.lines || a.path.localeCompare(b.path))
    .slice(0, 20)
    .map((file) => {
      const lines = file.text?.split('\n') ?? [];
      const widest = lines.reduce((most, line) => Math.max(most, line.length), 0);
      const wide = lines.filter((line) => line.length > WIDE).length;
      return [code(file.path), count(file.lines), count(widest), count(wide), size(file.bytes)];
    });
  return section(
    'Longest text files',
    table(['File', 'Lines#', 'Widest line#', `Over ${WIDE} columns#`, 'Size#'], rows),
  );
}

function spread(sorted: readonly number[]): string | undefined {
  if (sorted.length < 4) return undefined;
  const at = (share: number) =>
    count(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  const rows = [['Lines', at(0.25), at(0.5), at(0.75), at(0.9), at(1)]];
  return section(
    'How lengths are spread',
    table(['', 'a quarter are below#', 'half#', 'three quarters#', 'nine in ten#', 'longest#'], rows),
  );
}

function binaries(files: readonly TrackedFile[]): string | undefined {
  const rows = files
    .filter((file) => file.text === undefined && file.bytes > 0)
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, 10)
    .map((file) => [code(file.path), size(file.bytes)]);
  return rows.length === 0
    ? undefined
    : section('Largest files that are not text', table(['File', 'Size#'], rows));
}
