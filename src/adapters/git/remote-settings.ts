import { gitFailed, type GitRunner } from './run.ts';

const HEADS = 'refs/heads/';

/** As written in the configuration: git itself applies `insteadOf` rules when the URL is used. */
export async function readUrls(
  git: GitRunner,
  repo: string,
  remote: string,
): Promise<{ readonly fetch: string; readonly push: string } | undefined> {
  const fetch = await readSetting(git, repo, `remote.${remote}.url`);
  if (fetch === undefined) return undefined;
  return { fetch, push: (await readSetting(git, repo, `remote.${remote}.pushurl`)) ?? fetch };
}

/** One value of the repository's own configuration. */
export async function readSetting(git: GitRunner, repo: string, key: string): Promise<string | undefined> {
  const args = ['config', '--local', '--get', key];
  const { code, stdout, stderr } = await git.ask({ repo, args });
  if (code === 0) return stdout.replace(/\n$/, '');
  if (code === 1) return undefined;
  throw gitFailed(args, stderr.trim());
}

/** Adds or changes a remote. */
export async function setUrls(
  git: GitRunner,
  repo: string,
  urls: { readonly remote: string; readonly fetch: string; readonly push?: string },
): Promise<void> {
  const section = `remote.${urls.remote}`;
  await git.output(repo, ['config', '--local', `${section}.url`, urls.fetch]);
  const refspec = `+${HEADS}*:refs/remotes/${urls.remote}/*`;
  if ((await readSetting(git, repo, `${section}.fetch`)) === undefined) {
    await git.output(repo, ['config', '--local', `${section}.fetch`, refspec]);
  }
  if (urls.push !== undefined) {
    await git.output(repo, ['config', '--local', `${section}.pushurl`, urls.push]);
  } else if ((await readSetting(git, repo, `${section}.pushurl`)) !== undefined) {
    await git.output(repo, ['config', '--local', '--unset-all', `${section}.pushurl`]);
  }
}
