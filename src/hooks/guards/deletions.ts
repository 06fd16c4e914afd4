import { isAbsolute, normalize, relative, resolve } from 'node:path';
import type { GuardFacts } from './facts.ts';

/** `rm`, `mv`, `find -delete` of what is more than a file of the agent's own work. */
export function refuseDeletion(words: readonly string[], facts: GuardFacts): string | undefined {
  for (const target of targetsOf(words)) {
    const reason = refuseTarget(target, facts);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

interface Target {
  readonly path: string;
  /** `tree`: all below it goes. `entry`: it alone. `change`: all below it is changed, or some of it goes. */
  readonly how: 'tree' | 'entry' | 'change';
}

const REMOVERS: ReadonlySet<string> = new Set(['rm', 'unlink', 'shred', 'rmdir', 'rimraf', 'trash']);

function targetsOf([program = '', ...rest]: readonly string[]): readonly Target[] {
  const isRecursive = rest.some((word) => /^-[a-zA-Z]*[rR]/.test(word) || word === '--recursive');
  const places = rest.filter((word) => !word.startsWith('-'));
  if (REMOVERS.has(program)) {
    const how = isRecursive || program === 'rimraf' || program === 'trash' ? 'tree' : 'entry';
    return places.map((path) => ({ path, how }));
  }
  if (program === 'mv') return places.slice(0, -1).map((path) => ({ path, how: 'tree' }));
  if (program === 'chmod' || program === 'chown')
    return isRecursive ? places.slice(1).map((path) => ({ path, how: 'change' })) : [];
  return program === 'find' ? findTargets(rest) : [];
}

/** `find <start…> …`: only a search without any test takes the whole tree. */
function findTargets(rest: readonly string[]): readonly Target[] {
  const removes = rest.includes('-delete') || rest.some((word) => /(?:^|\/)rm$/.test(word));
  if (!removes) return [];
  const first = rest.findIndex((word) => /^[-(!]/.test(word));
  const hasTest = rest.some((word) =>
    /^-(?:i?name|i?path|i?regex|type|newer|[acm]time|[acm]min|size|empty|m(?:in|ax)depth)/.test(word),
  );
  return rest.slice(0, Math.max(0, first)).map((path) => ({ path, how: hasTest ? 'change' : 'tree' }));
}

const MACHINE =
  /^\/(?:$|(?:home|etc|usr|var|root|opt|bin|sbin|lib|lib64|boot|dev|proc|sys|srv|mnt|media|Users|System|Library)(?:\/[^/]+)?$)/;
/** A repository's own folder, the file by which a worktree finds it, or what a repository cannot be without. */
const REPOSITORY =
  /(?:^|\/)(?:\.git|\.repo\.git|\.origin\.git)(?:\/(?:\*|objects|refs|worktrees)(?:\/.*)?)?$/;

function refuseTarget({ path, how }: Target, facts: GuardFacts): string | undefined {
  const { worktree, town, home, role } = facts;
  const place = placeOf(path, facts);
  if (isMachine(place, home) && how !== 'entry')
    return 'this would delete or change far more than your worktree';
  if (how === 'change') return undefined;
  if (REPOSITORY.test(place)) return 'this would destroy a repository, with the work of everybody in it';
  // `*` spares the folder itself, and the file by which it is a worktree.
  const spares = /(?:^|\/)\*{1,2}$/.test(path) && place === worktree;
  if (worktree !== undefined && contains(place, worktree) && !spares)
    return 'this would delete your worktree: gt done frees it';
  const isOwn = worktree !== undefined && contains(worktree, place);
  return role === 'polecat' && town !== undefined && contains(town, place) && !isOwn
    ? 'this belongs to the town or to other agents'
    : undefined;
}

function isMachine(place: string, home: string | undefined): boolean {
  const isHome = /^(?:~|\$HOME|\$\{HOME\})$/.test(place) || (home !== undefined && contains(place, home));
  return isHome || MACHINE.test(place);
}

/** The path as it would be looked up; `/x/*` is all of `/x`. */
function placeOf(path: string, { cwd, home }: GuardFacts): string {
  const bare = path.replace(/\/\*{1,2}$|(?<=.)\/+$/, '').replace(/^\*{1,2}$/, '.') || '/';
  const whole = home === undefined ? bare : bare.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
  if (isAbsolute(whole)) return normalize(whole).replace(/(?<=.)\/$/, '');
  return cwd === undefined || /^[~$]/.test(whole) ? whole : resolve(cwd, whole);
}

/** `inner` is `outer` or below it. */
export function contains(outer: string, inner: string): boolean {
  if (!isAbsolute(outer) || !isAbsolute(inner)) return false;
  const way = relative(outer, inner);
  return way === '' || !(way === '..' || way.startsWith('../') || isAbsolute(way));
}
