import type { Sha } from '../core/names.ts';
import type { ChangedPath } from '../ports/git.ts';
import type { Engine } from './engine.ts';
import type { ChainLink } from './lane.ts';

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

/** The collateral paths of one link, on top of `below`. */
export async function readCollateral(
  engine: Engine,
  link: ChainLink,
  below: Sha,
): Promise<readonly string[]> {
  const { objects } = engine.ctx.ports.git;
  const { repo } = engine.remote;
  const from = await objects.mergeBase(repo, below, link.head);
  if (from === undefined) return [];
  const landing = await objects.changedPaths(repo, below, link.commit);
  const branch = await objects.changedPaths(repo, from, link.head);
  const strange = collateralPaths(landing, branch, []);
  if (strange.length === 0) return [];
  return collateralPaths(landing, branch, await objects.changedPaths(repo, from, below));
}
