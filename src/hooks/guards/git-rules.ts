import type { GuardFacts } from './facts.ts';
import type { GitCommand } from './git-words.ts';

/** Options of `git push` that take the next word. */
const WITH_VALUE = /^(?:-o|--push-option|--receive-pack|--exec|--repo)$/;
const EVERYTHING = /^--(?:all|branches|tags|mirror|prune)$/;

/** Pushes that rewrite or reach what is not the agent's own. Crew and mayor push like people, but never by force. */
export function refusePush({ verb, words }: GitCommand, { role, branch }: GuardFacts): string | undefined {
  if (verb !== 'push') return undefined;
  const { flags, places } = splitWords(words);
  const [, ...refspecs] = places;
  if (isForced(flags, refspecs))
    return 'a forced push can drop commits of others; use --force-with-lease on your own branch';
  if (role !== 'polecat') return undefined;
  const own = 'only your own branch is yours to push: the refinery lands your work after gt done';
  if (flags.some((flag) => EVERYTHING.test(flag) || flag === '--no-verify')) return own;
  const deletesAll = flags.some((flag) => flag === '--delete' || /^-[a-z]*d/.test(flag));
  const foreign = refspecs
    .filter((refspec) => deletesAll || refspec.startsWith(':') || !isOwn(destination(refspec), branch))
    .map(destination)[0];
  return foreign === undefined
    ? undefined
    : `'${foreign}' is not yours to push: the refinery lands your work after gt done`;
}

function splitWords(words: readonly string[]): {
  readonly flags: readonly string[];
  readonly places: readonly string[];
} {
  const flags: string[] = [];
  const places: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) places.push(word);
    else if (WITH_VALUE.test(word)) at += 1;
    else flags.push(word);
  }
  return { flags, places };
}

function isForced(flags: readonly string[], refspecs: readonly string[]): boolean {
  return (
    flags.some((flag) => /^--(?:force|mirror)$/.test(flag) || /^-[a-z]*f/.test(flag)) ||
    refspecs.some((refspec) => refspec.startsWith('+'))
  );
}

/** Without a known branch any polecat branch passes: the repository's own hook looks again. */
function isOwn(name: string, branch: string | undefined): boolean {
  if (name === 'HEAD' || name === '@') return true;
  // A variable: nobody can tell here.
  if (name.includes('$')) return true;
  return branch === undefined ? name.startsWith('polecat/') : name === branch;
}

function destination(refspec: string): string {
  return (refspec.split(':').at(-1) ?? '').replace(/^refs\/heads\//, '');
}

/** What takes a worktree, a repository or its guards away from under everybody who works in it. */
export function refuseRepositoryChange(
  { verb, words, settings }: GitCommand,
  { role }: GuardFacts,
): string | undefined {
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'));
  if (verb === 'worktree' && /^(?:remove|prune|move)$/.test(first))
    return 'worktrees are made and removed by gt: gt done frees yours';
  if (role !== 'polecat') return undefined;
  const sets =
    verb === 'config' && !words.some((word) => /^--get|^(?:-l|--list)$/.test(word)) && second !== '';
  const hooks = sets && first.toLowerCase() === 'core.hookspath';
  if (hooks || settings.some((setting) => /^core\.hookspath=/i.test(setting)))
    return 'the hooks of this repository stay as they are';
  if (verb === 'remote' && /^(?:add|set-url|rename|remove|rm)$/.test(first))
    return 'the remotes of this repository are shared: they stay as they are';
  if (
    verb === 'update-ref' &&
    words.some((word) => /^refs\/(?:heads\/(?!polecat\/)|gt\/|remotes\/)/.test(word))
  )
    return 'these refs belong to gt and to others';
  return verb === 'send-pack' || verb === 'http-push' ? 'push your own branch with git push' : undefined;
}
