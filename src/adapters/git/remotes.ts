import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RefusedError } from '../../core/errors.ts';
import type { Sha } from '../../core/names.ts';
import type { GitRemotes, RemoteHeads } from '../../ports/git.ts';
import { cloneLinked } from './clone-linked.ts';
import { CLONE_TIMEOUT_MS, FETCH_TIMEOUT_MS, LIST_TIMEOUT_MS, askRemote } from './network.ts';
import { shaOf } from './parse.ts';
import { push } from './push.ts';
import { readUrls, setUrls } from './remote-settings.ts';
import { words, type GitRunner } from './run.ts';
import { checkoutSparse } from './sparse.ts';

const HEADS = 'refs/heads/';

/** Remotes of one repository through the git program. */
export function createGitRemotes(git: GitRunner): GitRemotes {
  return {
    cloneBare: (url, path, options) =>
      intoPlace(path, async (partial) => {
        await git.output(undefined, ['init', '--quiet', '--bare', partial]);
        await setUrls(git, partial, { remote: 'origin', fetch: url });
        await fetchInto(git, { repo: partial, branches: options?.branches ?? [], filter: options?.filter });
      }),
    cloneMirror: (source, path) =>
      intoPlace(path, async (partial) => {
        await clone(git, ['--mirror', '--', source, partial]);
      }),
    clone: (url, path, options) =>
      intoPlace(path, async (partial) => {
        const { sparse = [] } = options;
        const files = sparse.length === 0 ? [] : ['--no-checkout'];
        await clone(git, [...cloneOptions(options), ...files, '--', url, partial]);
        if (sparse.length > 0) await checkoutSparse(git, partial, sparse);
      }),
    cloneLinked: (source, path, options) =>
      intoPlace(path, (partial) => cloneLinked(git, source, { ...options, path: partial })),
    fetch: (repo, remote, branches) => fetchBranches(git, repo, { remote, branches }),
    list: (repo, remote) => listHeads(git, repo, remote),
    push: (repo, spec) => push(git, repo, spec),
    urls: (repo, remote) => readUrls(git, repo, remote),
    setUrls: (repo, remote, urls) => setUrls(git, repo, { remote, ...urls }),
    includeSettings: async (repo, file) => {
      // A new section stands at the end of the file, and what stands there wins.
      const known = ['config', '--local', '--get-all', 'include.path', `^${quoteRegExp(file)}$`];
      if ((await git.ask({ repo, args: known })).code === 0) return;
      await git.output(repo, ['config', '--local', '--add', 'include.path', file]);
    },
  };
}

function quoteRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** Makes a repository beside `path` and moves it there when it is whole; a killed attempt is cleared by the next. */
async function intoPlace(path: string, make: (partial: string) => Promise<void>): Promise<void> {
  if (((await readdir(path).catch(() => [])) ?? []).length > 0) {
    throw new RefusedError({
      code: 'git.path-taken',
      message: `cannot clone to ${path}: something is there already`,
      hint: 'Move it away or choose another path',
    });
  }
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  try {
    await make(partial);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

function clone(git: GitRunner, args: readonly string[]): Promise<string> {
  return askRemote(git, {
    repo: undefined,
    args: ['clone', '--quiet', ...args],
    timeoutMs: CLONE_TIMEOUT_MS,
  });
}

function cloneOptions(options: { readonly branch: string; readonly reference?: string }): readonly string[] {
  // Dissociated: a clone that borrows objects for ever breaks when the lender is cleaned up.
  const reference =
    options.reference === undefined ? [] : ['--reference-if-able', options.reference, '--dissociate'];
  return ['--origin', 'origin', '--branch', options.branch, ...reference];
}

interface FetchSpec {
  readonly repo: string;
  readonly remote?: string;
  readonly branches: readonly string[];
  readonly filter?: string | undefined;
}

async function fetchInto(git: GitRunner, spec: FetchSpec): Promise<void> {
  const { repo, remote = 'origin', branches, filter } = spec;
  const wanted = branches.length === 0 ? ['*'] : branches;
  await askRemote(git, {
    repo,
    args: [
      ...words('fetch --quiet --prune --no-write-fetch-head --no-recurse-submodules'),
      ...(filter === undefined ? [] : [`--filter=${filter}`]),
      '--',
      remote,
      ...wanted.map((branch) => `+${HEADS}${branch}:refs/remotes/${remote}/${branch}`),
    ],
    timeoutMs: FETCH_TIMEOUT_MS,
  });
}

/** One missing branch makes git fetch none of them: then the remote is asked which there are. */
async function fetchBranches(
  git: GitRunner,
  repo: string,
  { remote, branches }: { readonly remote: string; readonly branches: readonly string[] },
): Promise<void> {
  try {
    await fetchInto(git, { repo, remote, branches });
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes("couldn't find remote ref")) throw error;
    const { heads } = await listHeads(git, repo, remote);
    const there = branches.filter((branch) => heads.has(branch));
    if (there.length > 0) await fetchInto(git, { repo, remote, branches: there });
    for (const gone of branches.filter((branch) => !heads.has(branch))) {
      await git.output(repo, ['update-ref', '-d', `refs/remotes/${remote}/${gone}`]);
    }
  }
}

async function listHeads(git: GitRunner, repo: string | undefined, remote: string): Promise<RemoteHeads> {
  const args = ['ls-remote', '--quiet', '--symref', '--', remote, 'HEAD', `${HEADS}*`];
  const text = await askRemote(git, { repo, args, timeoutMs: LIST_TIMEOUT_MS });
  return parseHeads(text);
}

/** `git ls-remote --symref`: `ref: refs/heads/main<TAB>HEAD`, then `<sha><TAB><ref>`. */
export function parseHeads(text: string): RemoteHeads {
  let defaultBranch: string | undefined;
  const heads = new Map<string, Sha>();
  for (const line of text.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (name === 'HEAD' && value.startsWith(`ref: ${HEADS}`)) {
      defaultBranch = value.slice(`ref: ${HEADS}`.length);
    } else if (name.startsWith(HEADS)) {
      heads.set(name.slice(HEADS.length), shaOf(value));
    }
  }
  return { defaultBranch, heads };
}
