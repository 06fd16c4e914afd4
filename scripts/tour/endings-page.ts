import { code, count, page, percent, plural, section, table } from './markdown.ts';
import type { TrackedFile } from './repository.ts';

interface Habits {
  readonly path: string;
  readonly crlf: number;
  readonly lf: number;
  readonly noFinalNewline: boolean;
  readonly trailing: number;
  readonly tabs: number;
  readonly spaces: number;
  readonly bom: boolean;
}

/** What diffs stumble over: line endings, missing last newlines, trailing blanks, tabs against spaces, byte-order marks. */
export function endingsPage(files: readonly TrackedFile[]): string {
  const habits = files.filter((file) => file.lines > 0).flatMap(habitsOf);
  const crlf = habits.filter((file) => file.crlf > 0 && file.lf === 0);
  const mixed = habits.filter((file) => file.crlf > 0 && file.lf > 0);
  const open = habits.filter((file) => file.noFinalNewline);
  const summary = `Of ${plural(habits.length, 'text file')}: ${count(crlf.length)} use CRLF, ${count(mixed.length)} mix both endings, ${count(open.length)} lack a last newline.`;
  const trailing = habits.filter((file) => file.trailing > 0).toSorted((a, b) => b.trailing - a.trailing);
  return page(
    'Endings',
    summary,
    indentation(habits),
    paths('CRLF files', crlf),
    paths('Mixed endings', mixed, (file) => `${count(file.crlf)} CRLF, ${count(file.lf)} LF`),
    paths('No newline at the end', open),
    paths('Blanks at line ends', trailing, (file) => plural(file.trailing, 'line')),
    paths(
      'Byte-order mark',
      habits.filter((file) => file.bom),
    ),
  );
}

function habitsOf(file: TrackedFile): readonly Habits[] {
  const text = file.text;
  if (text === undefined) return [];
  const crlf = text.split('\r\n').length - 1;
  const lines = text.split(/\r?\n/);
  return [
    {
      path: file.path,
      crlf,
      lf: text.split('\n').length - 1 - crlf,
      noFinalNewline: !text.endsWith('\n'),
      trailing: lines.filter((line) => /[ \t]$/.test(line)).length,
      tabs: lines.filter((line) => line.startsWith('\t')).length,
      spaces: lines.filter((line) => /^ {2,}\S/.test(line)).length,
      bom: text.startsWith('\uFEFF'),
    },
  ];
}

function indentation(habits: readonly Habits[]): string {
  const tabs = habits.filter((file) => file.tabs > 0 && file.spaces === 0).length;
  const spaces = habits.filter((file) => file.spaces > 0 && file.tabs === 0).length;
  const both = habits.filter((file) => file.spaces > 0 && file.tabs > 0).length;
  const flat = habits.length - tabs - spaces - both;
  const rows = [
    ['Spaces', count(spaces), percent(spaces, habits.length)],
    ['Tabs', count(tabs), percent(tabs, habits.length)],
    ['Both in one file', count(both), percent(both, habits.length)],
    ['Nothing indented', count(flat), percent(flat, habits.length)],
  ];
  return section('Indentation', table(['By', 'Files#', 'Share#'], rows));
}

function paths(title: string, files: readonly Habits[], note?: (file: Habits) => string): string | undefined {
  if (files.length === 0) return undefined;
  const rows = files
    .slice(0, 25)
    .map((file) => (note === undefined ? [code(file.path)] : [code(file.path), note(file)]));
  const rest = files.length > 25 ? `\n\n…and ${count(files.length - 25)} more.` : '';
  return section(title, table(note === undefined ? ['File'] : ['File', 'How'], rows) + rest);
}
