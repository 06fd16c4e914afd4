/** One guard: a name users know from hook files, and what it refuses. */
export interface Guard {
  readonly name: 'pr-workflow' | 'dangerous-command' | 'bd-init' | 'mol-patrol';
  /** Why this command must not run, or undefined. */
  readonly refuse: (words: readonly string[], facts: GuardFacts) => string | undefined;
}

export interface GuardFacts {
  /** `polecat`, `crew`, `mayor` …; undefined outside an agent. */
  readonly role: string | undefined;
  /** The branch of a polecat's work. */
  readonly branch: string | undefined;
}

export const GUARDS: readonly Guard[] = [
  { name: 'dangerous-command', refuse: refuseDangerous },
  { name: 'pr-workflow', refuse: refusePullRequests },
  { name: 'bd-init', refuse: refuseInit },
  { name: 'mol-patrol', refuse: refusePatrol },
];

const PACKAGE_MANAGERS: Readonly<Record<string, RegExp>> = {
  apt: /^(?:install|remove|purge|upgrade|full-upgrade)$/,
  'apt-get': /^(?:install|remove|purge|upgrade|dist-upgrade)$/,
  dnf: /^(?:install|remove|upgrade)$/,
  yum: /^(?:install|remove|update)$/,
  pacman: /^-[SRU]/,
  brew: /^(?:install|uninstall|upgrade)$/,
  apk: /^(?:add|del)$/,
  snap: /^(?:install|remove)$/,
};

function refuseDangerous(words: readonly string[], facts: GuardFacts): string | undefined {
  const [program = '', ...rest] = words;
  if (['sudo', 'doas', 'su'].includes(program)) return 'agents do not act as another user';
  const verb = rest.find((word) => PACKAGE_MANAGERS[program]?.test(word));
  if (verb !== undefined) return 'agents do not change the packages of this machine';
  if (program === 'rm' && isRecursive(rest) && rest.some(isPrecious))
    return 'this would delete far more than your worktree';
  return program === 'git' ? refusePush(gitWords(rest), facts) : undefined;
}

function isRecursive(words: readonly string[]): boolean {
  return words.some((word) => /^-[a-zA-Z]*[rR]/.test(word) || word === '--recursive');
}

function isPrecious(path: string): boolean {
  return /^(?:\/|~|\$HOME|\$\{HOME\})(?:\/\*?|\*)?$|^\/(?:home|etc|usr|var|root|opt)(?:\/\*?)?$/.test(path);
}

/** `git -C x -c k=v push …` without the options before the subcommand. */
function gitWords(words: readonly string[]): readonly string[] {
  let index = 0;
  while (index < words.length && words[index]?.startsWith('-') === true) {
    index += words[index] === '-C' || words[index] === '-c' ? 2 : 1;
  }
  return words.slice(index);
}

function refusePush([verb, ...rest]: readonly string[], { role, branch }: GuardFacts): string | undefined {
  if (verb !== 'push') return undefined;
  if (rest.some((word) => word === '--force' || /^-[a-z]*f/.test(word) || word.startsWith('+'))) {
    return 'a forced push can drop commits of others; use --force-with-lease on your own branch';
  }
  if (role !== 'polecat') return undefined;
  const [, ...refspecs] = rest.filter((word) => !word.startsWith('-'));
  const foreign = refspecs
    .map(destination)
    .find((name) => name !== branch && !/^polecat\/|^HEAD$/.test(name));
  return foreign === undefined
    ? undefined
    : `'${foreign}' is not your branch: the refinery lands your work after gt done`;
}

function destination(refspec: string): string {
  return (refspec.split(':').at(-1) ?? '').replace(/^refs\/heads\//, '');
}

function refusePullRequests(words: readonly string[], { role }: GuardFacts): string | undefined {
  if (role === 'crew' || role === 'mayor') return undefined;
  const [program = '', ...rest] = words;
  if (program === 'gh' && rest[0] === 'pr' && rest[1] === 'create') {
    return 'your work goes through the merge queue: gt done hands it in';
  }
  const [verb = '', ...args] = program === 'git' ? gitWords(rest) : [];
  const creates =
    (verb === 'checkout' && args.some((word) => /^-[bB]$/.test(word))) ||
    (verb === 'switch' && args.some((word) => /^-[cC]$|^--create$/.test(word)));
  return creates ? 'stay on the branch you were given: gt done hands in that one' : undefined;
}

function refuseInit(words: readonly string[]): string | undefined {
  return words[0] === 'bd' && words[1] === 'init'
    ? 'this worktree already has a ledger: the rig’s own (bd where shows it)'
    : undefined;
}

function refusePatrol(words: readonly string[], { role = '' }: GuardFacts): string | undefined {
  if (!['witness', 'refinery', 'deacon'].includes(role)) return undefined;
  const pours = words[0] === 'bd' && words[1] === 'mol' && words[2] === 'pour';
  return pours && words.some((word) => /patrol/.test(word))
    ? 'patrols are wisps, they are never poured'
    : undefined;
}
