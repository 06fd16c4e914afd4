import { RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { WorktreeCommit } from '../../ports/git.ts';
import { resolveCommit, signatureEnv } from './objects.ts';
import { dropStaleLock, operationIn } from './operations.ts';
import { fieldsOf } from './parse.ts';
import { gitFailed, lastLine, type GitRunner } from './run.ts';
import { gitDirOf } from './git-dir.ts';

/** Stages and commits what is wanted; hooks and signing are off: this is a machine's commit, the gates judge it. */
export async function commitAll(
  git: GitRunner,
  path: string,
  commit: WorktreeCommit,
): Promise<Sha | undefined> {
  await prepare(git, path);
  const nested = (await nestedRepositories(git, path)).map(literal);
  await stage(git, path, { nested, excludes: commit.excludes, keepDeletions: commit.keepDeletions });
  if (!(await hasStaged(git, path))) return undefined;
  await git.output(
    path,
    ['-c', 'commit.gpgSign=false', 'commit', '--quiet', '--cleanup=verbatim', '--no-verify', '--file=-'],
    {
      input: commit.message.endsWith('\n') ? commit.message : `${commit.message}\n`,
      env: { ...signatureEnv('AUTHOR', commit.author), ...signatureEnv('COMMITTER', commit.author) },
    },
  );
  return resolveCommit(git, path, 'HEAD');
}

/** `add` would take conflict markers for a resolution, and a commit would end the merge with them. */
async function prepare(git: GitRunner, path: string): Promise<void> {
  const gitDir = await gitDirOf(git, path);
  await dropStaleLock(gitDir);
  const operation = await operationIn(gitDir);
  if (operation === undefined || operation === 'bisect') return;
  throw new RefusedError({
    code: 'git.operation-under-way',
    message: `cannot commit in ${path}: a ${operation} is under way`,
    hint: `Finish it or run: git ${operation} --abort`,
  });
}

/** Folders with a repository of their own: staged, they would be links to commits nobody else has. */
async function nestedRepositories(git: GitRunner, path: string): Promise<readonly string[]> {
  const others = await git.output(path, ['ls-files', '-z', '--others', '--exclude-standard']);
  return fieldsOf(others).filter((entry) => entry.endsWith('/'));
}

function literal(path: string): string {
  return `:(literal)${path.replace(/\/$/, '')}`;
}

async function stage(
  git: GitRunner,
  path: string,
  wanted: Pick<WorktreeCommit, 'excludes' | 'keepDeletions'> & { readonly nested: readonly string[] },
): Promise<void> {
  const settings = ['-c', 'add.ignoreErrors=false', '-c', 'core.safecrlf=false'];
  const flags = wanted.keepDeletions ? ['--all'] : ['--ignore-removal'];
  // `add` fails when an exclude pathspec names something ignored, so only what git would add is named here.
  const outside = wanted.nested.map(excluded);
  await git.output(path, [...settings, 'add', ...flags, '--', '.', ...outside]);
  const excludes = [...wanted.excludes, ...wanted.nested];
  if (excludes.length > 0) await unstage(git, path, excludes);
}

/** `:(exclude)…`, keeping the magic words that a pathspec already has. */
function excluded(pathspec: string): string {
  const magic = /^:\(([^)]*)\)(.*)$/s.exec(pathspec);
  return magic === null ? `:(exclude)${pathspec}` : `:(exclude,${magic[1]})${magic[2]}`;
}

/** What somebody staged before stays out as well. */
async function unstage(git: GitRunner, path: string, excludes: readonly string[]): Promise<void> {
  const born = (await resolveCommit(git, path, 'HEAD')) !== undefined;
  const args = born
    ? ['reset', '--quiet', 'HEAD', '--', ...excludes]
    : ['rm', '--quiet', '--cached', '-r', '-f', '--ignore-unmatch', '--', ...excludes];
  await git.output(path, args);
}

async function hasStaged(git: GitRunner, path: string): Promise<boolean> {
  const args = ['diff', '--cached', '--quiet', '--ignore-submodules=none', '--no-ext-diff'];
  const { code, stderr } = await git.ask({ repo: path, args });
  if (code > 1) throw gitFailed(args, lastLine(stderr));
  return code === 1;
}
