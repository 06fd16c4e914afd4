import { extname } from 'node:path';
import { bar, code, count, page, percent, plural, section, table } from './markdown.ts';
import type { TrackedFile } from './repository.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  '.ts': 'TypeScript',
  '.tsx': 'TypeScript',
  '.mts': 'TypeScript',
  '.js': 'JavaScript',
  '.mjs': 'JavaScript',
  '.cjs': 'JavaScript',
  '.jsx': 'JavaScript',
  '.py': 'Python',
  '.go': 'Go',
  '.rs': 'Rust',
  '.java': 'Java',
  '.kt': 'Kotlin',
  '.c': 'C',
  '.h': 'C/C++ headers',
  '.cc': 'C++',
  '.cpp': 'C++',
  '.hpp': 'C/C++ headers',
  '.cs': 'C#',
  '.rb': 'Ruby',
  '.php': 'PHP',
  '.swift': 'Swift',
  '.scala': 'Scala',
  '.ex': 'Elixir',
  '.exs': 'Elixir',
  '.erl': 'Erlang',
  '.hs': 'Haskell',
  '.ml': 'OCaml',
  '.lua': 'Lua',
  '.pl': 'Perl',
  '.sh': 'Shell',
  '.bash': 'Shell',
  '.zsh': 'Shell',
  '.sql': 'SQL',
  '.html': 'HTML',
  '.css': 'CSS',
  '.scss': 'CSS',
  '.vue': 'Vue',
  '.svelte': 'Svelte',
  '.md': 'Markdown',
  '.rst': 'reStructuredText',
  '.txt': 'Plain text',
  '.json': 'JSON',
  '.jsonl': 'JSON',
  '.yaml': 'YAML',
  '.yml': 'YAML',
  '.toml': 'TOML',
  '.xml': 'XML',
  '.proto': 'Protocol Buffers',
  '.tf': 'Terraform',
  '.zig': 'Zig',
  '.dart': 'Dart',
  '.r': 'R',
};
const LINE_COMMENT = /^\s*(\/\/|#(?!include|define|if|end|else|pragma|!\[)|--|\*|\/\*|<!--|;;|%)/;

interface Share {
  readonly language: string;
  readonly files: number;
  readonly lines: number;
  readonly blank: number;
  readonly comments: number;
  readonly longest: TrackedFile;
}

/** What it is written in: lines, blanks and comments of each language, and the longest file of each. */
export function languagesPage(files: readonly TrackedFile[]): string {
  const shares = [
    ...Map.groupBy(
      files.filter((file) => file.text !== undefined && file.lines > 0),
      languageOf,
    ),
  ]
    .map(([language, members]) => shareOf(language, members))
    .toSorted((a, b) => b.lines - a.lines);
  const total = shares.reduce((sum, share) => sum + share.lines, 0);
  const leader = shares[0];
  const summary =
    leader === undefined
      ? 'There is no text here yet.'
      : `Mostly ${leader.language}: ${percent(leader.lines, total)} of ${count(total)} lines; ${plural(shares.length, 'kind')} of text file in all.`;
  return page(
    'Languages',
    summary,
    shares.length === 0 ? undefined : shareTable(shares, total),
    density(shares),
  );
}

function languageOf(file: TrackedFile): string {
  const extension = extname(file.path).toLowerCase();
  const known = LANGUAGES[extension];
  if (known !== undefined) return known;
  const shebang = /^#!.*\b(sh|bash|python3?|node|ruby|perl)\b/.exec(file.text?.slice(0, 120) ?? '')?.[1];
  if (shebang !== undefined) return shebang.endsWith('sh') ? 'Shell' : `${shebang} script`;
  return extension === '' ? 'No ending' : `${extension} files`;
}

function shareOf(language: string, members: readonly TrackedFile[]): Share {
  const lines = members.flatMap((file) => file.text?.split('\n') ?? []);
  return {
    language,
    files: members.length,
    lines: members.reduce((sum, file) => sum + file.lines, 0),
    blank: lines.filter((line) => line.trim() === '').length - members.length,
    comments: lines.filter((line) => LINE_COMMENT.test(line)).length,
    longest: members.reduce((best, file) => (file.lines > best.lines ? file : best)),
  };
}

function shareTable(shares: readonly Share[], total: number): string {
  const rows = shares.map((share) => [
    share.language,
    count(share.files),
    count(share.lines),
    percent(share.lines, total),
    bar(share.lines, total),
    code(share.longest.path),
  ]);
  return section(
    'Share of the text',
    table(['Language', 'Files#', 'Lines#', 'Share#', '', 'Longest file'], rows),
  );
}

const PROSE = new Set([
  'Markdown',
  'reStructuredText',
  'Plain text',
  'JSON',
  'YAML',
  'TOML',
  'XML',
  'HTML',
  'No ending',
]);

function density(shares: readonly Share[]): string | undefined {
  const programs = shares.filter((share) => !PROSE.has(share.language) && share.lines >= 50);
  if (programs.length === 0) return undefined;
  const rows = programs.map((share) => [
    share.language,
    percent(share.comments, share.lines),
    percent(Math.max(0, share.blank), share.lines),
    count(Math.round(share.lines / share.files)),
  ]);
  return section(
    'How dense it is',
    'Comment lines are counted by how they start, so block comments without leading marks are missed.',
    table(['Language', 'Comments#', 'Blank#', 'Lines per file#'], rows),
  );
}
