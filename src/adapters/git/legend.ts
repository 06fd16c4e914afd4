import type { Sha } from '../../core/names.ts';
import type { GitCommit, SnapshotContents } from '../../ports/git.ts';
import { isInside } from './quoted.ts';

/** What a parent of a snapshot holds, in the words of its message. */
export const HOLDS = {
  head: 'HEAD',
  index: 'the index (staged content)',
  operation: (name: string): string => `the ${name} under way`,
  stash: (at: number): string => `stash entry ${at}`,
  clone: (path: string): string => `the repository in ${path}`,
  branch: (name: string): string => `the branch ${name}`,
} as const;

interface Part {
  readonly commit: Sha;
  readonly holds: string;
}

/** Reads a snapshot by its message; any other commit counts as one that only holds itself. */
export function contentsOf(commit: GitCommit): SnapshotContents {
  const parts = partsOf(commit);
  const matches = (pattern: RegExp): readonly { readonly commit: Sha; readonly text: string }[] =>
    parts.flatMap((part) => {
      const match = pattern.exec(part.holds);
      return match === null ? [] : [{ commit: part.commit, text: match[1] ?? '' }];
    });
  const [operation] = matches(/^the (\S+) under way$/);
  return {
    head: parts.find(({ holds }) => holds === HOLDS.head)?.commit,
    index: parts.find(({ holds }) => holds === HOLDS.index)?.commit,
    operation: operation === undefined ? undefined : { name: operation.text, commit: operation.commit },
    stashes: matches(/^(stash) entry \d+$/).map((part) => part.commit),
    clones: matches(/^the repository in (.+)$/)
      .map((part) => ({ path: part.text, commit: part.commit }))
      // The message may be anybody's: nothing is ever written outside.
      .filter(({ path }) => isInside(path)),
    branches: matches(/^(?:the branch (.+)|an unpublished (?:branch|commit))$/).map((part) => ({
      name: part.text === '' ? undefined : part.text,
      commit: part.commit,
    })),
  };
}

function partsOf({ sha, message, parents }: GitCommit): readonly Part[] {
  const lines = [...message.matchAll(/^\^(\d+) (.+)$/gm)];
  const parts = lines.flatMap((match): readonly Part[] => {
    const commit = parents[Number(match[1]) - 1];
    return commit === undefined ? [] : [{ commit, holds: match[2] ?? '' }];
  });
  return parts.length > 0 && parts.length === parents.length ? parts : [{ commit: sha, holds: HOLDS.head }];
}
