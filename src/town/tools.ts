import type { Processes } from '../ports/processes.ts';
import { findDolt } from './dolt-binary.ts';

/** Programs of this machine that a town uses. */
export interface Tools {
  readonly git: 'missing' | 'too-old' | 'ok';
  readonly tmux: boolean;
  readonly dolt: boolean;
  /** Programs of known runtimes that are here, the preferred first. */
  readonly agents: readonly string[];
  /** `sudo apt-get install`, `brew install` …; undefined = no package manager that we know. */
  readonly installer: string | undefined;
}

const PROBE_MS = 10_000;
/** Program of a runtime → its name in gt. */
const AGENTS: readonly (readonly [string, string])[] = [
  ['claude', 'claude'],
  ['opencode', 'opencode'],
  ['codex', 'codex'],
  ['gemini', 'gemini'],
  ['cursor-agent', 'cursor'],
  ['copilot', 'copilot'],
  ['amp', 'amp'],
];
const INSTALLERS: readonly (readonly [string, string])[] = [
  ['brew', 'brew install'],
  ['apt-get', 'sudo apt-get install'],
  ['dnf', 'sudo dnf install'],
  ['apk', 'sudo apk add'],
  ['pacman', 'sudo pacman -S'],
  ['zypper', 'sudo zypper install'],
  ['nix-env', 'nix-env -iA'],
];

/** Asks the programs what they can do, not which version they are (P13). */
export async function probeTools(
  processes: Processes,
  env: Readonly<Record<string, string>>,
): Promise<Tools> {
  const path = env['PATH'] ?? '';
  const present = async (pairs: readonly (readonly [string, string])[]): Promise<readonly string[]> => {
    const found = await Promise.all(pairs.map(([program]) => processes.which(program, path)));
    return pairs.flatMap(([, name], index) => (found[index] === undefined ? [] : [name]));
  };
  const [git, tmux, dolt, agents, installers] = await Promise.all([
    processes.which('git', path),
    processes.which('tmux', path),
    findDolt(processes, env),
    present(AGENTS),
    present(INSTALLERS),
  ]);
  return {
    git: git === undefined ? 'missing' : (await canMergeTrees(processes, git, env)) ? 'ok' : 'too-old',
    tmux: tmux !== undefined,
    dolt: dolt !== undefined,
    agents,
    installer: installers[0],
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

/** A program looked for on PATH. */
export interface FoundTool {
  readonly name: string;
  /** null = not there. */
  readonly path: string | null;
  /** As it tells; null = it does not. */
  readonly version: string | null;
}

/** Where each is and which version it says it is, all asked at once. */
export function findTools(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<readonly FoundTool[]> {
  return Promise.all(
    names.map(async (name) => {
      const onPath = name === 'dolt' ? findDolt(processes, env) : processes.which(name, env['PATH'] ?? '');
      const path = (await onPath) ?? null;
      return { name, path, version: path === null ? null : await versionOf(processes, env, { name, path }) };
    }),
  );
}

const VERSION_WORDS: Readonly<Record<string, string>> = { dolt: 'version', tmux: '-V' };

async function versionOf(
  processes: Processes,
  env: Readonly<Record<string, string>>,
  { name, path }: { readonly name: string; readonly path: string },
): Promise<string | null> {
  const argv = [path, VERSION_WORDS[name] ?? '--version'] as const;
  const result = await processes.run({ argv, env, timeoutMs: PROBE_MS, leftovers: 'kill' });
  if (result.end !== 'exit' || result.code !== 0) return null;
  return /\d+\.\d+[\w.+-]*/.exec(result.stdout)?.[0] ?? null;
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
