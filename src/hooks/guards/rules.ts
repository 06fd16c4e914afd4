import { refuseDeletion } from './deletions.ts';
import { gitCommand } from './git-words.ts';
import { refusePush, refuseRepositoryChange } from './git-rules.ts';
import type { GuardFacts } from './facts.ts';

/** One guard: a name users know from hook files, and what it refuses. */
export interface Guard {
  readonly name: 'dangerous-command' | 'pr-workflow' | 'bd-init' | 'mol-patrol';
  /** For `gt tap list`. */
  readonly summary: string;
  /** Why this command must not run, or undefined. What it says goes to the agent: it names the way to go, never a way around. */
  readonly refuse: (words: readonly string[], facts: GuardFacts) => string | undefined;
}

export const GUARDS: readonly Guard[] = [
  {
    name: 'dangerous-command',
    summary: 'other users, system packages, forced or foreign pushes, deleting worktrees and repositories',
    refuse: refuseDangerous,
  },
  { name: 'pr-workflow', summary: 'pull requests and new branches of polecats', refuse: refusePullRequests },
  { name: 'bd-init', summary: 'a second ledger inside a town', refuse: refuseInit },
  { name: 'mol-patrol', summary: 'poured patrols of witness, refinery and deacon', refuse: refusePatrol },
];

const OTHER_USER: ReadonlySet<string> = new Set(['sudo', 'doas', 'su', 'pkexec', 'run0', 'runuser']);

/** Verbs by which a package manager changes the machine. */
const PACKAGE_MANAGERS: Readonly<Record<string, RegExp>> = {
  apt: /^(?:install|remove|purge|upgrade|full-upgrade|autoremove)$/,
  'apt-get': /^(?:install|remove|purge|upgrade|dist-upgrade|autoremove)$/,
  aptitude: /^(?:install|remove|purge|upgrade)$/,
  dpkg: /^(?:-i|-r|-P|--install|--remove|--purge)$/,
  rpm: /^-[iUeF]/,
  dnf: /^(?:install|remove|upgrade)$/,
  yum: /^(?:install|remove|update)$/,
  zypper: /^(?:in|install|rm|remove|up|update)$/,
  pacman: /^-[SRU]/,
  brew: /^(?:install|uninstall|upgrade)$/,
  apk: /^(?:add|del)$/,
  snap: /^(?:install|remove)$/,
  'nix-env': /^(?:-i|-e|--install|--uninstall)$/,
  pip: /^--break-system-packages$/,
  pip3: /^--break-system-packages$/,
  npm: /^(?:-g|--global|--location=global)$/,
  pnpm: /^(?:-g|--global)$/,
  yarn: /^global$/,
};

/** Verbs that only look, whatever flags stand beside them. */
const LOOKS = /^(?:ls|list|ll|la|bin|root|prefix|view|outdated|config|--version|-v)$/;

function refuseDangerous(words: readonly string[], facts: GuardFacts): string | undefined {
  const [program = '', ...rest] = words;
  if (OTHER_USER.has(program)) return 'agents do not act as another user';
  if (changesPackages(program, rest)) return 'agents do not change the packages of this machine';
  if (
    /^mkfs(?:\.|$)/.test(program) ||
    (program === 'dd' && rest.some((word) => /^of=\/dev\/(?!null$)/.test(word)))
  )
    return 'this would overwrite a disk';
  const deletion = refuseDeletion(words, facts);
  if (deletion !== undefined) return deletion;
  const git = gitCommand(words);
  return git === undefined ? undefined : (refusePush(git, facts) ?? refuseRepositoryChange(git, facts));
}

function changesPackages(program: string, rest: readonly string[]): boolean {
  const verbs = Object.hasOwn(PACKAGE_MANAGERS, program) ? PACKAGE_MANAGERS[program] : undefined;
  if (verbs === undefined) return false;
  return rest.some((word) => verbs.test(word)) && !rest.slice(0, 2).some((word) => LOOKS.test(word));
}

const HAND_IN = 'your work goes through the merge queue: gt done hands it in';

function refusePullRequests(words: readonly string[], facts: GuardFacts): string | undefined {
  if (facts.role === 'crew' || facts.role === 'mayor') return undefined;
  if (opensPullRequest(words)) return HAND_IN;
  const git = gitCommand(words);
  if (git === undefined) return undefined;
  const makes =
    (git.verb === 'checkout' && git.words.some((word) => /^-[bB]|^--orphan$/.test(word))) ||
    (git.verb === 'switch' && git.words.some((word) => /^-[cC]|^--(?:force-)?create$|^--orphan$/.test(word)));
  return makes ? 'stay on the branch you were given: gt done hands in that one' : undefined;
}

function opensPullRequest([program, ...rest]: readonly string[]): boolean {
  const places = rest.filter((word) => !word.startsWith('-'));
  if (program === 'hub') return places.includes('pull-request');
  if (program !== 'gh' && program !== 'glab') return false;
  if (places[0] === 'api')
    return /(?:^|\/)pulls$/.test(places[1] ?? '') && rest.some((word) => /^-[fFX]/.test(word));
  const at = places.findIndex((word) => word === 'pr' || word === 'mr');
  return at >= 0 && /^(?:create|new|merge)$/.test(places[at + 1] ?? '');
}

function refuseInit(words: readonly string[]): string | undefined {
  return words[0] === 'bd' && words[1] === 'init' && !words.some((word) => /^(?:-h|--help)$/.test(word))
    ? 'this worktree already has a ledger: the rig’s own (bd where shows it)'
    : undefined;
}

function refusePatrol(
  [program = '', ...rest]: readonly string[],
  { role = '' }: GuardFacts,
): string | undefined {
  if (!['witness', 'refinery', 'deacon'].includes(role)) return undefined;
  const pours = (program === 'bd' || program === 'gt') && rest[0] === 'mol' && rest[1] === 'pour';
  return pours && rest.some((word) => /patrol/.test(word))
    ? 'patrols are wisps, they are never poured'
    : undefined;
}
