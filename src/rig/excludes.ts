import { join } from 'node:path';
import type { Files } from '../ports/files.ts';

const BEGIN = '# --- gt: files of agents, never part of the project ---';
const END = '# --- end gt ---';

/**
 * Everything gt and the agents' runtimes put into a working copy; git must show none of it (P29). `/x/` anchors
 * at the top: a project's own deeper folder of that name stays visible.
 */
const EXCLUDE_PATTERNS: readonly string[] = [
  '/.runtime/',
  '/.beads/',
  '/.logs/',
  '/.claude/',
  '/.opencode/',
  '/.gemini/',
  '/.cursor/',
  '/.pi/',
  '/.omp/',
  '/.vibe/',
  '/.codex/',
  '/.github/hooks/gastown.json',
  '/CLAUDE.local.md',
  '/.polecat-checkpoint.json',
  '__pycache__/',
];

/**
 * Keeps our block (and `extra` patterns) in `<gitDir>/info/exclude` up to date, never a tracked .gitignore. All
 * worktrees of a repository share the file of its common directory. No change, no write.
 */
export async function writeExcludes(
  files: Files,
  gitDir: string,
  extra: readonly string[] = [],
): Promise<void> {
  const path = join(gitDir, 'info/exclude');
  const before = (await files.readText(path)) ?? '';
  const after = withExcludes(before, [...EXCLUDE_PATTERNS, ...extra]);
  if (after !== before) await files.writeAtomic(path, after, { mode: 0o644 });
}

/** Does it have our block, whole? */
export async function hasExcludes(files: Files, gitDir: string): Promise<boolean> {
  const text = (await files.readText(join(gitDir, 'info/exclude'))) ?? '';
  return withExcludes(text, EXCLUDE_PATTERNS) === text;
}

/** The text with our block brought up to date: patterns are only added, the user's own lines stay. */
export function withExcludes(text: string, patterns: readonly string[]): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END, begin + 1);
  const held = begin < 0 || end < 0 ? '' : text.slice(begin + BEGIN.length, end);
  const lines = [...new Set([...held.split('\n').filter((line) => line !== ''), ...patterns])];
  const block = [BEGIN, ...lines, END].join('\n');
  if (begin >= 0 && end >= 0) return text.slice(0, begin) + block + text.slice(end + END.length);
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${block}\n`;
}
