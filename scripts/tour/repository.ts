import { execFileSync } from 'node:child_process';
import { lstatSync, readFileSync } from 'node:fs';

/** One tracked file with what the pages need of it. */
export interface TrackedFile {
  readonly path: string;
  readonly bytes: number;
  /** undefined for links, submodules and binary files. */
  readonly text: string | undefined;
  readonly lines: number;
}

const MAX_TEXT_BYTES = 2_000_000;

/** Runs git in the current folder; lists are NUL separated so that odd file names survive. */
export function git(...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'core.quotePath=false', ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
}

/** Every file git tracks here, without those below `without` (the tour itself). */
export function trackedFiles(without: string): readonly TrackedFile[] {
  return git('ls-files', '-z')
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith(`${without}/`))
    .map(readTracked);
}

function readTracked(path: string): TrackedFile {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return { path, bytes: 0, text: undefined, lines: 0 };
  if (stat.size > MAX_TEXT_BYTES) return { path, bytes: stat.size, text: undefined, lines: 0 };
  const content = readFileSync(path);
  // The same rule git uses: a NUL in the first 8000 bytes makes a file binary.
  if (content.subarray(0, 8000).includes(0)) return { path, bytes: stat.size, text: undefined, lines: 0 };
  const text = content.toString('utf8');
  return { path, bytes: stat.size, text, lines: countLines(text) };
}

function countLines(text: string): number {
  if (text === '') return 0;
  const breaks = text.split('\n').length - 1;
  return text.endsWith('\n') ? breaks : breaks + 1;
}

export interface Commit {
  readonly sha: string;
  readonly author: string;
  /** Unix seconds. */
  readonly at: number;
  readonly subject: string;
  readonly paths: readonly string[];
}

/** The newest `limit` commits of HEAD, merges without paths. */
export function commits(limit: number): readonly Commit[] {
  const out = git('log', `-${limit}`, '-z', '--name-only', '--format=%x01%H%x02%an%x02%at%x02%s');
  return out
    .split('\u0001')
    .filter((block) => block !== '')
    .map((block) => {
      const [head = '', ...rest] = block.split('\0');
      const [sha = '', author = '', at = '0', subject = ''] = head.split('\u0002');
      const paths = rest.map((path) => path.trim()).filter((path) => path !== '');
      return { sha, author, at: Number(at), subject, paths };
    });
}
