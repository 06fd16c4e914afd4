import type { Sha } from '../core/names.ts';
import type { ChangedPath, GitCommit } from '../ports/git.ts';
import type { Engine } from './engine.ts';
import { RECENT, reachableFrom } from './history.ts';
import type { ChainLink } from './lane.ts';
import { landedMark } from './trailers.ts';

/** Of all branches together; with more, each merge base is asked for by itself. */
const MOST_COMMITS = 20_000;

/**
 * Paths that landing a change would touch although its branch did not: the mark of a wrong merge base, which can
 * silently undo other people's work with every test green. A file that the target has renamed meanwhile is followed.
 * @param landing what the commit changes on the target
 * @param branch what the branch changed since it left the target
 * @param target what the target changed since then
 */
export function collateralPaths(
  landing: readonly ChangedPath[],
  branch: readonly ChangedPath[],
  target: readonly ChangedPath[],
): readonly string[] {
  const own = new Set(branch.map(({ path }) => path));
  const strange = landing.map(({ path }) => path).filter((path) => !own.has(path));
  if (strange.length === 0) return [];
  const renamedAway = target.some(({ path, change }) => change === 'D' && own.has(path));
  const arrived = new Set(target.filter(({ change }) => change === 'A').map(({ path }) => path));
  return strange.filter((path) => !(renamedAway && arrived.has(path)));
}

/** A link with what is under it, and where its branch has left that. */
interface Standing {
  readonly link: ChainLink;
  readonly below: Sha;
  readonly from: Sha;
}

/** What the target does not have: commits of the chain and of its branches. */
export interface Ahead {
  readonly commits: ReadonlyMap<Sha, GitCommit>;
  /** False when there are more, which were not read. */
  readonly isWhole: boolean;
}

/** Asked of git anew, not of what the chain was built from. */
export async function readAhead(engine: Engine, old: Sha, links: readonly ChainLink[]): Promise<Ahead> {
  const last = links.at(-1)?.commit ?? old;
  const commits = await engine.ctx.ports.git.objects.log(engine.remote.repo, {
    from: old,
    to: [last, ...links.map(({ head }) => head)],
    limit: MOST_COMMITS,
  });
  return {
    commits: new Map(commits.map((commit) => [commit.sha, commit])),
    isWhole: commits.length < MOST_COMMITS,
  };
}

/** The first of the links (on top of `old`) that has collateral paths, with them. */
export async function findCollateral(
  engine: Engine,
  old: Sha,
  { links, ahead }: { readonly links: readonly ChainLink[]; readonly ahead: Ahead },
): Promise<{ readonly link: ChainLink; readonly paths: readonly string[] } | undefined> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const standing = await readStanding(engine, old, { links, ahead });
  const pairs = standing.flatMap(({ link, below, from }) => [
    { from: below, to: link.commit },
    { from, to: link.head },
  ]);
  const changes = await objects.changedPaths(repo, pairs);
  for (const [index, { link, below, from }] of standing.entries()) {
    const [landing = [], branch = []] = changes.slice(2 * index);
    if (collateralPaths(landing, branch, []).length === 0) continue;
    const [target = []] = await objects.changedPaths(repo, [{ from, to: below }]);
    const paths = collateralPaths(landing, branch, target);
    if (paths.length > 0) return { link, paths };
  }
  return undefined;
}

/** Branches that share nothing with the target are left out. */
async function readStanding(
  engine: Engine,
  old: Sha,
  { links, ahead }: { readonly links: readonly ChainLink[]; readonly ahead: Ahead },
): Promise<readonly Standing[]> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const { commits } = ahead;
  const heads = links.map(({ head }) => head);
  const isWhole = ahead.isWhole && engine.settings.method !== 'merge';
  // One that has more than one commit may be stacked on what landed before.
  const isLong = heads.some((head) => commits.get(head)?.parents.some((parent) => commits.has(parent)));
  const landed = isWhole && isLong ? await landedHeads(engine, old) : [];
  const all = await Promise.all(
    links.map(async (link, index) => {
      const below = links[index - 1]?.commit ?? old;
      const under = new Set<string>([...landed, ...heads.slice(0, index)]);
      const left = isWhole ? startOf(link.head, commits, under) : [];
      const from = left.length === 1 ? left[0] : await objects.mergeBase(repo, below, link.head);
      return from === undefined ? undefined : { link, below, from };
    }),
  );
  return all.filter((each) => each !== undefined);
}

/** Heads that the target has as other commits, since landing squashes. */
async function landedHeads(engine: Engine, old: Sha): Promise<readonly string[]> {
  const recent = await engine.ctx.ports.git.objects.log(engine.remote.repo, { to: old, limit: RECENT });
  return recent.flatMap((commit) => landedMark(commit)?.head ?? []);
}

/** Where what is its own begins: at the head of what it is stacked on, else where it has left the target. */
function startOf(head: Sha, ahead: ReadonlyMap<Sha, GitCommit>, under: ReadonlySet<string>): readonly Sha[] {
  for (let at = ahead.get(head); at?.parents.length === 1; at = ahead.get(at.parents[0] ?? head)) {
    const [parent] = at.parents;
    if (parent !== undefined && under.has(parent)) return [parent];
  }
  return leftAt(head, ahead);
}

/**
 * The commits at which a branch has left the target: parents of its own commits that the target has. When there is
 * just one, it is the merge base with the target, and with links on top of it that are nobody's ancestors.
 */
function leftAt(head: Sha, ahead: ReadonlyMap<Sha, GitCommit>): readonly Sha[] {
  if (!ahead.has(head)) return [head];
  const parents = reachableFrom(head, ahead).flatMap((commit) => commit.parents);
  return [...new Set(parents)].filter((sha) => !ahead.has(sha));
}
