import type { GitCommit } from '../ports/git.ts';
import type { Sha } from '../core/names.ts';

/** What a landed commit says about where it came from. */
export interface LandedMark {
  readonly mr: string;
  readonly head: string;
  readonly commit: Sha;
}

const OURS = /^Gt-(?:MR|Issue|Head):/i;

/**
 * The message of the commit that lands: the head's own words, then who asked for it. Lines of ours that the
 * branch already carries are dropped, so a branch cannot claim to be another merge request.
 */
export function landingMessage(
  message: string,
  mark: {
    readonly mr: string;
    readonly issue: string | undefined;
    readonly head: Sha;
    /** `Name <address>` of everybody else whose commits are in it. */
    readonly coAuthors?: readonly string[];
  },
): string {
  const lines = message.split('\n').filter((line) => !OURS.test(line));
  const own = lines.join('\n').trim();
  const named = new Set([...own.matchAll(CO_AUTHOR)].map(([, who]) => who));
  const trailers = [
    ...(mark.coAuthors ?? []).filter((who) => !named.has(who)).map((who) => `Co-authored-by: ${who}`),
    `Gt-MR: ${mark.mr}`,
    ...(mark.issue === undefined ? [] : [`Gt-Issue: ${mark.issue}`]),
    `Gt-Head: ${mark.head}`,
  ].join('\n');
  const body = own === '' ? `Merge ${mark.mr}` : own;
  // Trailers form one paragraph: another tool's at the end is continued, not split off.
  const paragraph = body.split(/\n\s*\n/).at(-1) ?? '';
  const endsInTrailers =
    body.includes('\n\n') && paragraph.split('\n').every((line) => /^[A-Za-z][\w-]*: \S/.test(line));
  return `${body}${endsInTrailers ? '\n' : '\n\n'}${trailers}`;
}

/** As GitHub reads them: the names that a squash would otherwise lose. */
const CO_AUTHOR = /^co-authored-by: *(\S.*?) *$/gim;

/** Everybody who has a part in these commits but the author of the first, in the order of their first part. */
export function coAuthorsOf(commits: readonly GitCommit[]): readonly string[] {
  const nameOf = ({ author }: GitCommit): string => `${author.name} <${author.email}>`;
  const all = commits
    .toReversed()
    .flatMap((commit) => [
      nameOf(commit),
      ...[...commit.message.matchAll(CO_AUTHOR)].flatMap(([, who]) => who ?? []),
    ]);
  const [newest] = commits;
  return [...new Set(all)].filter((who) => newest === undefined || who !== nameOf(newest));
}

/** The mark of a commit that one of our engines made; undefined when it has none. */
export function landedMark(commit: GitCommit): LandedMark | undefined {
  const mr = lastTrailer(commit.message, 'Gt-MR');
  const head = lastTrailer(commit.message, 'Gt-Head');
  return mr === undefined || head === undefined ? undefined : { mr, head, commit: commit.sha };
}

function lastTrailer(message: string, key: string): string | undefined {
  const prefix = `${key}: `;
  const line = message.split('\n').findLast((text) => text.startsWith(prefix));
  return line?.slice(prefix.length).trim();
}
