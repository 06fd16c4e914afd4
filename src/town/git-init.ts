import { join } from 'node:path';
import { ExternalError } from '../core/errors.ts';
import type { MachinePorts } from '../ports/index.ts';
import { readTemplate } from './template.ts';

export interface GitInitRequest {
  readonly root: string;
  /** `owner/name` to make on GitHub and push to. */
  readonly github?: string | undefined;
  readonly visibility: 'private' | 'public';
}

interface Place {
  readonly ports: MachinePorts;
  readonly env: Readonly<Record<string, string>>;
  readonly gtArgv: readonly [string, ...string[]];
}

const GIT_MS = 60_000;
const MARKER = 'Gas Town HQ';
const HOOK_MARKER = 'Gas Town branch protection';

/**
 * Puts a town's own files (settings, directives, routes) under version control: repository, ignore block, a hook that
 * brings the town back to its branch, one commit. What is there stays. Returns lines for people. ExternalError `git.failed`.
 */
export async function initTownGit(place: Place, request: GitInitRequest): Promise<readonly string[]> {
  const { root } = request;
  const { files } = place.ports;
  const isNew = (await files.stat(join(root, '.git'))) === undefined;
  if (isNew) await git(place, root, 'init', '-q', '-b', 'main');
  await appendOnce(place, {
    path: join(root, '.gitignore'),
    marker: MARKER,
    template: 'town/gitignore',
    mode: 0o644,
  });
  await appendOnce(place, {
    path: join(root, '.git/hooks/post-checkout'),
    marker: HOOK_MARKER,
    template: 'town/post-checkout.sh',
    mode: 0o755,
  });
  const said = [isNew ? `${root} is a git repository now` : `${root} was a git repository already`];
  await git(place, root, 'add', '-A');
  const committed = await tryRun(place, root, ['git', 'commit', '-q', '-m', 'Gas Town HQ']);
  if (committed === undefined) said.push('its settings are committed');
  else if (!/nothing to commit|nothing added/.test(committed)) said.push(`not committed: ${committed}`);
  if (request.github === undefined) return said;
  const words = [
    'gh',
    'repo',
    'create',
    request.github,
    `--${request.visibility}`,
    '--source',
    root,
    '--push',
  ] as const;
  const failed = await tryRun(place, root, words);
  if (failed !== undefined) {
    throw new ExternalError({
      code: 'git.failed',
      message: `${request.github} was not made on GitHub: ${failed}`,
      hint: 'Run: gh auth login, then gt git-init --github again',
    });
  }
  return [...said, `it is pushed to ${request.github} (${request.visibility})`];
}

interface Appended {
  readonly path: string;
  readonly marker: string;
  readonly template: string;
  readonly mode: number;
}

/** A hook or ignore file of the person's own is gone on with. */
async function appendOnce(place: Place, { path, marker, template, mode }: Appended): Promise<void> {
  const { files } = place.ports;
  const before = (await files.readText(path)) ?? '';
  if (before.includes(marker)) return;
  const text = await readTemplate(place, template);
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  // A second `#!` line is a comment like any other.
  await files.writeAtomic(path, `${start}${text}`, { mode: (await files.stat(path))?.mode ?? mode });
}

async function git(place: Place, cwd: string, ...words: readonly string[]): Promise<void> {
  const failed = await tryRun(place, cwd, ['git', ...words]);
  if (failed === undefined) return;
  throw new ExternalError({
    code: 'git.failed',
    message: `git ${words[0] ?? ''} failed in ${cwd}: ${failed}`,
  });
}

/** Why it failed, in its last line; undefined = it did not. */
async function tryRun(
  { ports, env }: Place,
  cwd: string,
  argv: readonly [string, ...string[]],
): Promise<string | undefined> {
  const result = await ports.processes.run({ argv, cwd, env, timeoutMs: GIT_MS });
  if (result.end === 'exit' && result.code === 0) return undefined;
  if (result.end === 'not-started') return result.why;
  return `${result.stdout}\n${result.stderr}`.trim().split('\n').at(-1) || result.end;
}
