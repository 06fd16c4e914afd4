import { ExternalError } from '../core/errors.ts';
import type { MachinePorts } from '../ports/index.ts';
import type { Processes } from '../ports/processes.ts';
import { askDoltVersion, findDolt } from './dolt-binary.ts';

/** A program that a town uses: unfit = something of that name is there and cannot do what gt needs of it. */
export type Tool = { readonly state: 'missing' } | { readonly state: 'ok' | 'unfit'; readonly path: string };

export interface Tools {
  readonly git: Tool;
  readonly tmux: Tool;
  readonly dolt: Tool;
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

type Ports = Pick<MachinePorts, 'processes' | 'files' | 'random'>;

/**
 * Asks the programs what they can do, where they tell, else which version they are (P13). Starts nothing that stays.
 * @param needsDolt otherwise it is only looked for
 */
export async function probeTools(
  ports: Ports,
  env: Readonly<Record<string, string>>,
  { needsDolt }: { readonly needsDolt: boolean },
): Promise<Tools> {
  const { processes } = ports;
  const path = env['PATH'] ?? '';
  const ask = { processes, env };
  const present = async (pairs: readonly (readonly [string, string])[]): Promise<readonly string[]> => {
    const found = await Promise.all(pairs.map(([program]) => processes.which(program, path)));
    return pairs.flatMap(([, name], index) => (found[index] === undefined ? [] : [name]));
  };
  const [git, tmux, dolt, agents, installers] = await Promise.all([
    // The merge queue merges without a worktree; git can since 2.38.
    probe(
      ask,
      await processes.which('git', path),
      (answer) => answer.includes('--write-tree'),
      'merge-tree',
      '-h',
    ),
    // Sessions get variables of their own (new-session -e).
    probe(
      ask,
      await processes.which('tmux', path),
      (answer) => isAtLeast(/^tmux (.*)/.exec(answer)?.[1], [3, 2, 0]),
      '-V',
    ),
    probeDolt(ports, env, needsDolt),
    present(AGENTS),
    present(INSTALLERS),
  ]);
  return { git, tmux, dolt, agents, installer: installers[0] };
}

interface Asking {
  readonly processes: Processes;
  readonly env: Readonly<Record<string, string>>;
}

async function probe(
  { processes, env }: Asking,
  path: string | undefined,
  isFit: (answer: string) => boolean,
  ...words: readonly string[]
): Promise<Tool> {
  if (path === undefined) return { state: 'missing' };
  const result = await processes.run({ argv: [path, ...words], env, timeoutMs: PROBE_MS, leftovers: 'kill' });
  return { state: isFit(`${result.stdout}${result.stderr}`) ? 'ok' : 'unfit', path };
}

async function probeDolt(
  ports: Ports,
  env: Readonly<Record<string, string>>,
  needsDolt: boolean,
): Promise<Tool> {
  const path = await findDolt(ports.processes, env);
  if (path === undefined) return { state: 'missing' };
  if (!needsDolt) return { state: 'ok', path };
  const { stdout } = await askDoltVersion(ports, env, path);
  const isFit = isAtLeast(/^dolt version (.*)/.exec(stdout)?.[1], [1, 82, 4]);
  return { state: isFit ? 'ok' : 'unfit', path };
}

/** A version without numbers (`tmux master`) is newer than any. */
function isAtLeast(version: string | undefined, least: readonly number[]): boolean {
  if (version === undefined) return false;
  const [numbers] = /\d+(?:\.\d+)*/.exec(version) ?? [];
  if (numbers === undefined) return true;
  const parts = numbers.split('.').map(Number);
  const differs = least.findIndex((part, at) => (parts[at] ?? 0) !== part);
  return differs < 0 || (parts[differs] ?? 0) > (least[differs] ?? 0);
}

/** What each program must be, in the words of its users. */
const NEEDED = {
  git: 'git 2.38 or newer',
  tmux: 'tmux 3.2 or newer',
  dolt: 'dolt 1.82.4 or newer',
} as const;

type Needed = keyof typeof NEEDED;

/** What is wrong with one of them; undefined = nothing. tmux may be missing: agents then run detached. */
export function toolTrouble(tools: Tools, name: Needed): string | undefined {
  const tool = tools[name];
  if (tool.state === 'unfit') return `${tool.path} is too old for gt, or not ${name} at all`;
  return tool.state === 'missing' && name !== 'tmux' ? `${name} is not installed` : undefined;
}

/** The programs that a town cannot do without, or with another of the same name. */
export function neededTools(needsDolt: boolean): readonly Needed[] {
  return needsDolt ? ['git', 'tmux', 'dolt'] : ['git', 'tmux'];
}

/** Refuses what would fail later, and half made. ExternalError `tool.missing`, `tool.unfit`. */
export function refuseUnfit(tools: Tools, { needsDolt }: { readonly needsDolt: boolean }): void {
  for (const name of neededTools(needsDolt)) {
    const message = toolTrouble(tools, name);
    if (message === undefined) continue;
    const isMissing = tools[name].state === 'missing';
    const missing = `${howToGet(tools, name)} (${NEEDED[name]}${name === 'dolt' ? '; without it, leave --store out' : ''})`;
    throw new ExternalError({
      code: isMissing ? 'tool.missing' : 'tool.unfit',
      message,
      hint: isMissing ? missing : `Install ${NEEDED[name]}, or put it before this one on PATH`,
    });
  }
}

/** The command that gets a program. Few package managers have dolt. */
export function howToGet({ installer }: Tools, program: string): string {
  const isThere = installer !== undefined && (program !== 'dolt' || installer === 'brew install');
  if (isThere) return `Run: ${installer} ${program}`;
  return program === 'dolt' ? 'Install dolt from https://docs.dolthub.com' : `Install ${program}`;
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
  ports: Ports,
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Promise<readonly FoundTool[]> {
  return Promise.all(
    names.map(async (name) => {
      const { processes } = ports;
      const onPath = name === 'dolt' ? findDolt(processes, env) : processes.which(name, env['PATH'] ?? '');
      const path = (await onPath) ?? null;
      return { name, path, version: path === null ? null : await versionOf(ports, env, { name, path }) };
    }),
  );
}

async function versionOf(
  ports: Ports,
  env: Readonly<Record<string, string>>,
  { name, path }: { readonly name: string; readonly path: string },
): Promise<string | null> {
  const argv = [path, name === 'tmux' ? '-V' : '--version'] as const;
  const result =
    name === 'dolt'
      ? await askDoltVersion(ports, env, path)
      : await ports.processes.run({ argv, env, timeoutMs: PROBE_MS, leftovers: 'kill' });
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
