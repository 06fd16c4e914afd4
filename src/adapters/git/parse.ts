import { UnreadableError } from '../../core/errors.ts';
import { parseSha, type Sha } from '../../core/names.ts';
import type { ChangedPath, GitCommit, GitSignature } from '../../ports/git.ts';

/** Fields of a `-z` output: each ends with NUL. */
export function fieldsOf(text: string): readonly string[] {
  const fields = text.split('\0');
  return fields.at(-1)?.trim() === '' ? fields.slice(0, -1) : fields;
}

export function shaOf(text: string): Sha {
  return parseSha(text.trim());
}

/** `git rev-list --format`: ten NUL-ended fields per commit, and a line break between commits. */
export const COMMIT_FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x00';
const FIELDS = 10;

export function parseCommits(text: string): readonly GitCommit[] {
  const fields = fieldsOf(text);
  const commits: GitCommit[] = [];
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    commits.push(parseCommit(fields.slice(at, at + FIELDS)));
  }
  return commits;
}

function parseCommit(fields: readonly string[]): GitCommit {
  const [sha = '', tree = '', parents = '', ...rest] = fields;
  return {
    sha: shaOf(sha),
    tree: shaOf(tree),
    parents: parents.split(' ').filter(Boolean).map(shaOf),
    author: signatureOf(rest.slice(0, 3)),
    committer: signatureOf(rest.slice(3, 6)),
    message: (rest[6] ?? '').replace(/\n$/, ''),
  };
}

function signatureOf([name = '', email = '', at = '']: readonly string[]): GitSignature {
  return { name, email, at: Number(at) };
}

/** `diff-tree --stdin --name-status -z` without renames: per commit its id, then letter and path in turn. */
export function parseNameStatuses(text: string): readonly (readonly ChangedPath[])[] {
  const fields = fieldsOf(text);
  const all: ChangedPath[][] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    if (field.length > 1) all.push([]);
    else all.at(-1)?.push({ change: letterOf(field), path: fields[(at += 1)] ?? '' });
  }
  return all;
}

function letterOf(text: string): ChangedPath['change'] {
  if (text === 'A' || text === 'M' || text === 'D' || text === 'T') return text;
  throw new UnreadableError({ code: 'git.unreadable', message: `git reports an unknown change '${text}'` });
}
