import type { Sha } from '../../core/names.ts';
import type { GitCommit, GitObjects } from '../../ports/git.ts';
import { COMMIT_FORMAT, parseCommits, shaOf } from './parse.ts';
import { gitFailed, lastLine, type GitRunner } from './run.ts';

type Range = Parameters<GitObjects['log']>[1];

/** Commits of `git rev-list` with these words. */
export async function readCommits(
  git: GitRunner,
  repo: string,
  words: readonly string[],
  input?: string,
): Promise<readonly GitCommit[]> {
  const format = ['--no-commit-header', `--format=${COMMIT_FORMAT}`];
  const more = input === undefined ? {} : { input };
  return parseCommits(await git.output(repo, ['rev-list', ...format, ...words, '--'], more));
}

/**
 * As the port says. git walks by commit dates and gives up soon after everything left looks older than what is
 * excluded: behind a few commits whose dates lie before those of their ancestors (imports, rebases that keep dates,
 * wrong clocks) it lists what `from` holds. So its answer is proven, and where it is wrong, two whole lists are
 * subtracted.
 */
export async function readLog(git: GitRunner, repo: string, range: Range): Promise<readonly GitCommit[]> {
  const tips = [range.to].flat();
  const base = [range.from ?? []].flat();
  const limit = `--max-count=${range.limit}`;
  if (tips.length === 0) return [];
  if (base.length === 0) return readCommits(git, repo, [limit, ...tips]);
  const lenient = Array.isArray(range.from) ? ['--ignore-missing'] : [];
  const order = ['--date-order', limit];
  const commits = await readCommits(git, repo, [...lenient, ...order, ...tips, ...excluding(base)]);
  if (commits.length === 0) return commits;
  const known = Array.isArray(range.from) ? await present(git, repo, base) : base;
  if (await isProven(git, repo, { commits, base: known })) return commits;
  return subtract(git, repo, { tips, base, lenient, limit: range.limit });
}

function excluding(base: readonly Sha[]): readonly string[] {
  return base.map((sha) => `^${sha}`);
}

/** Those of the ids that are commits here. */
async function present(git: GitRunner, repo: string, shas: readonly Sha[]): Promise<readonly Sha[]> {
  const check = ['cat-file', '--batch-check=%(objecttype)'];
  const lines = (await git.output(repo, check, { input: `${shas.join('\n')}\n` })).split('\n');
  return shas.filter((_sha, index) => lines[index] === 'commit');
}

/**
 * If any listed commit were in `base`, so would be one of those that stand on nothing listed: following parents down
 * from it leaves neither `base` nor, but for such a one, the list.
 */
async function isProven(
  git: GitRunner,
  repo: string,
  { commits, base }: { readonly commits: readonly GitCommit[]; readonly base: readonly Sha[] },
): Promise<boolean> {
  if (base.length === 0) return true;
  const listed = new Set(commits.map(({ sha }) => sha));
  const lowest = commits
    .filter(({ parents }) => !parents.some((parent) => listed.has(parent)))
    .map(({ sha }) => sha);
  const [few, many] = base.length < lowest.length ? [base, lowest] : [lowest, base];
  const held = await Promise.all(few.map((sha) => commonAncestors(git, repo, sha, many)));
  return !held.flat().some((sha) => lowest.includes(sha));
}

/** The best that `one` has in common with all `others` together. */
async function commonAncestors(
  git: GitRunner,
  repo: string,
  one: Sha,
  others: readonly Sha[],
): Promise<readonly Sha[]> {
  const args = ['merge-base', '--all', one, ...others];
  const { code, stdout, stderr } = await git.ask({ repo, args });
  // 1 = they share nothing.
  if (code === 0) return stdout.trim().split('\n').map(shaOf);
  if (code === 1) return [];
  throw gitFailed(args, lastLine(stderr));
}

interface Subtraction {
  readonly tips: readonly Sha[];
  readonly base: readonly Sha[];
  readonly lenient: readonly string[];
  readonly limit: number;
}

async function subtract(
  git: GitRunner,
  repo: string,
  { tips, base, lenient, limit }: Subtraction,
): Promise<readonly GitCommit[]> {
  const idsOf = async (words: readonly string[]) =>
    (await git.output(repo, ['rev-list', ...words, '--'])).split('\n').filter((line) => line !== '');
  const held = new Set(await idsOf([...lenient, ...base]));
  const own = (await idsOf(['--date-order', ...tips])).filter((sha) => !held.has(sha)).slice(0, limit);
  if (own.length === 0) return [];
  return readCommits(git, repo, ['--no-walk=unsorted', '--stdin'], `${own.join('\n')}\n`);
}
