import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface RepositoryShape {
  readonly branch?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  /** Folder name → path of a repository to add as a submodule. */
  readonly submodules?: Readonly<Record<string, string>>;
}

export const GIT_ENV: Readonly<Record<string, string>> = {
  GIT_AUTHOR_NAME: 'Test Person',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test Person',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
};

/** git in `cwd` with a fixed identity and no configuration of the machine. */
export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...GIT_ENV, HOME: cwd },
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A bare repository at `path` whose default branch holds one commit of the given shape. */
export function createBareRepository(path: string, shape: RepositoryShape = {}): string {
  const branch = shape.branch ?? 'main';
  const seed = `${path}.seed`;
  mkdirSync(seed, { recursive: true });
  git(seed, 'init', '-q', '-b', branch);
  for (const [name, text] of Object.entries(shape.files ?? { 'README.md': '# Project\n' })) {
    mkdirSync(dirname(join(seed, name)), { recursive: true });
    writeFileSync(join(seed, name), text);
  }
  for (const [name, target] of Object.entries(shape.links ?? {})) symlinkSync(target, join(seed, name));
  for (const [name, source] of Object.entries(shape.submodules ?? {}))
    git(seed, 'submodule', 'add', '-q', source, name);
  git(seed, 'add', '-A');
  git(seed, 'commit', '-q', '-m', 'First commit');
  git(seed, 'clone', '-q', '--bare', seed, path);
  return path;
}
