import { parseMrFields } from '../beads/forms/merge-request-fields.ts';
import type { Sha } from '../core/names.ts';
import { findCollateral, readAhead, type Ahead } from './collateral.ts';
import type { Engine } from './engine.ts';
import type { ChainLink } from './lane.ts';
import { readHeads } from './push-remote.ts';

/** What must be true immediately before a push, looked up anew. */
export type LandingCheck =
  | { readonly ok: true }
  /** The world moved: look again and rebuild. Nobody's fault. */
  | { readonly ok: false; readonly kind: 'changed'; readonly why: string }
  /** Landing this link would change files that its branch never touched. */
  | {
      readonly ok: false;
      readonly kind: 'collateral';
      readonly link: ChainLink;
      readonly paths: readonly string[];
    };

/** @param old tip of the target that the links stand on */
export async function checkLanding(
  engine: Engine,
  old: Sha,
  links: readonly ChainLink[],
): Promise<LandingCheck> {
  const last = links.at(-1);
  if (last === undefined) return changed('nothing to land');
  if ((await engine.results.missing(last)).length > 0) return changed('the proof has expired');
  const ahead = await readAhead(engine, old, links);
  if (!standsOn(ahead, old, links)) return changed('the chain does not stand on the target');
  const collateral = await findCollateral(engine, old, { links, ahead });
  if (collateral !== undefined) return { ok: false, kind: 'collateral', ...collateral };
  return checkRemote(engine, old, links);
}

/** The first parents of what will be pushed must pass through every link and reach the target's tip. */
function standsOn({ commits }: Ahead, old: Sha, links: readonly ChainLink[]): boolean {
  const parentOf = new Map([...commits.values()].map((commit) => [commit.sha, commit.parents[0]]));
  const path = new Set<Sha>();
  let at = links.at(-1)?.commit;
  while (at !== undefined && at !== old) {
    path.add(at);
    at = parentOf.get(at);
  }
  return at === old && links.every((link) => path.has(link.commit));
}

async function checkRemote(engine: Engine, old: Sha, links: readonly ChainLink[]): Promise<LandingCheck> {
  const { heads } = await readHeads(engine.ctx, engine.remote);
  if (heads.get(engine.lane.record.target) !== old) return changed('the target has moved');
  const branches = await branchesOf(engine, links);
  const moved = links.find((link) => {
    const tip = heads.get(branches.get(link.mr) ?? '');
    return tip !== undefined && tip !== link.head;
  });
  return moved === undefined ? { ok: true } : changed(`the branch of ${moved.mr} has moved`);
}

async function branchesOf(engine: Engine, links: readonly ChainLink[]): Promise<ReadonlyMap<string, string>> {
  const beads = await engine.ledger.list({ ids: links.map((link) => link.mr) });
  return new Map(beads.map((bead) => [bead.id, parseMrFields(bead.description).branch]));
}

function changed(why: string): LandingCheck {
  return { ok: false, kind: 'changed', why };
}
