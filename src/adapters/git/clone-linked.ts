import type { LinkedClone } from '../../ports/git.ts';
import { follow } from './branches.ts';
import { CLONE_TIMEOUT_MS } from './network.ts';
import { readSetting, setUrls } from './remote-settings.ts';
import type { GitRunner } from './run.ts';
import { checkoutSparse } from './sparse.ts';
import { updateSubmodules } from './submodules.ts';

/** The source's own branches are its workers': under another name they get in nobody's way, and go again. */
const SOURCE = 'gt-source';

/**
 * `git clone --local` links the objects whatever the refs; its remote branches are those that `source` fetched. Only
 * then the clone learns its own remotes, so that what it fetches (a promised object, a submodule) comes from there.
 */
export async function cloneLinked(
  git: GitRunner,
  source: string,
  { path, ...clone }: LinkedClone & { readonly path: string },
): Promise<void> {
  const taken = `remote.${SOURCE}.fetch=+refs/remotes/origin/*:refs/remotes/origin/*`;
  const args = ['clone', '--quiet', '--local', '--no-checkout', '--origin', SOURCE, '-c', taken];
  await git.output(undefined, [...args, '--', source, path], { timeoutMs: CLONE_TIMEOUT_MS });
  await forgetSource(git, path);
  await setUrls(git, path, {
    remote: 'origin',
    fetch: clone.origin.fetch,
    ...(clone.origin.push === undefined ? {} : { push: clone.origin.push }),
  });
  await keepFilter(git, source, path);
  await git.output(path, [
    'symbolic-ref',
    'refs/remotes/origin/HEAD',
    `refs/remotes/origin/${clone.upstream}`,
  ]);
  await git.output(path, ['update-ref', `refs/heads/${clone.branch}`, clone.commit]);
  await git.output(path, ['symbolic-ref', 'HEAD', `refs/heads/${clone.branch}`]);
  await checkOut(git, path, clone.sparse ?? []);
  await follow(git, path, clone);
  await updateSubmodules(git, path);
}

async function checkOut(git: GitRunner, path: string, sparse: readonly string[]): Promise<void> {
  if (sparse.length > 0) return checkoutSparse(git, path, sparse);
  await git.output(path, ['checkout', '--quiet', '--no-recurse-submodules'], { timeoutMs: CLONE_TIMEOUT_MS });
}

/** What clone wrote about the bare repository with its own branches, and about a branch that nobody has. */
async function forgetSource(git: GitRunner, path: string): Promise<void> {
  await git.output(path, ['config', '--local', '--remove-section', `remote.${SOURCE}`]);
  const format = '--format=delete %(refname)';
  const input = await git.output(path, ['for-each-ref', format, `refs/remotes/${SOURCE}/`]);
  await git.output(path, ['update-ref', '--no-deref', '--stdin'], { input });
  const head = (await git.output(path, ['symbolic-ref', '--short', 'HEAD'])).trim();
  await git.ask({ repo: path, args: ['config', '--local', '--remove-section', `branch.${head}`] });
}

/** A clone of a partial clone lacks the same objects: it must know from whom they can be had. */
async function keepFilter(git: GitRunner, source: string, path: string): Promise<void> {
  const filter = await readSetting(git, source, 'remote.origin.partialclonefilter');
  if (filter === undefined) return;
  for (const [key, value] of [
    ['core.repositoryformatversion', '1'],
    ['extensions.partialClone', 'origin'],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', filter],
  ] as const) {
    await git.output(path, ['config', '--local', key, value]);
  }
}
