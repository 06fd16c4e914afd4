import type { Processes } from '../ports/processes.ts';
import { findDolt } from './dolt-binary.ts';

/** Programs of this machine that a town uses. */
export interface Tools {
  readonly git: 'missing' | 'too-old' | 'ok';
  readonly tmux: boolean;
  readonly dolt: boolean;
}

const PROBE_MS = 10_000;

/** Asks the programs what they can do, not which version they are (P13). */
export async function probeTools(
  processes: Processes,
  env: Readonly<Record<string, string>>,
): Promise<Tools> {
  const path = env['PATH'] ?? '';
  const [git, tmux, dolt] = await Promise.all([
    processes.which('git', path),
    processes.which('tmux', path),
    findDolt(processes, env),
  ]);
  return {
    git: git === undefined ? 'missing' : (await canMergeTrees(processes, git, env)) ? 'ok' : 'too-old',
    tmux: tmux !== undefined,
    dolt: dolt !== undefined,
  };
}

/** The merge queue merges without a worktree; git can since 2.38. */
async function canMergeTrees(
  processes: Processes,
  git: string,
  env: Readonly<Record<string, string>>,
): Promise<boolean> {
  const help = await processes.run({ argv: [git, 'merge-tree', '-h'], env, timeoutMs: PROBE_MS });
  return `${help.stdout}${help.stderr}`.includes('--write-tree');
}

/** The human of this town, as git knows them. */
export interface GitIdentity {
  readonly name: string;
  readonly email: string;
}

/** `user.name` and `user.email`, '' where git has none. */
export async function readGitIdentity(
  processes: Processes,
  env: Readonly<Record<string, string>>,
): Promise<GitIdentity> {
  const read = async (key: string): Promise<string> => {
    const result = await processes.run({ argv: ['git', 'config', '--get', key], env, timeoutMs: PROBE_MS });
    return result.end === 'exit' && result.code === 0 ? result.stdout.trim() : '';
  };
  const [name, email] = await Promise.all([read('user.name'), read('user.email')]);
  return { name, email };
}
