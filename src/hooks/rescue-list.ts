import type { TownContext } from '../beads/context.ts';
import { isRigName } from '../core/names.ts';
import type { RigName, Sha } from '../core/names.ts';
import type { ChangedPath, GitRef, SnapshotContents } from '../ports/git.ts';
import { listRigs } from '../rig/registry.ts';
import { readJsonFile } from '../town/json-file.ts';
import { rigPaths } from '../town/layout.ts';
import type { RigPaths } from '../town/layout.ts';
import { noSuchRescue, parseRescueRef, parseRescueText, rescuePrefix, timeOfStamp } from './rescue-ref.ts';
import type { RescueName } from './rescue-ref.ts';
import { parseRescueMessage } from './rescue.ts';
import type { AboutWork } from './rescue.ts';

/** A rig with rescue refs; one that was taken out of the town still has its folder. */
export interface RescueHome {
  readonly name: RigName;
  readonly paths: RigPaths;
  /** undefined: what is in it cannot be compared with anything. */
  readonly defaultBranch: string | undefined;
}

/** What one rescue keeps. */
export interface KeptWork {
  readonly home: RescueHome;
  readonly name: RescueName;
  /** Unix milliseconds. */
  readonly at: number;
  readonly about: AboutWork;
  readonly commit: Sha;
  readonly contents: SnapshotContents;
  /** Commits that the default branch, as fetched last, has not. */
  readonly commits: number;
  /** Files that are not as where this work left the default branch. */
  readonly files: readonly ChangedPath[];
  readonly submodules: readonly { readonly path: string; readonly ref: string; readonly commit: Sha }[];
}

/** How many refs are read at a time: each takes a few git processes. */
const AT_ONCE = 8;
/** More commits than this are not counted. */
const MOST_COMMITS = 1000;

/** Registered rigs, and folders of the town with the repository of one that was removed. */
export async function rescueHomes(ctx: TownContext): Promise<readonly RescueHome[]> {
  const rigs = await listRigs(ctx);
  const known = new Set<string>(rigs.map((rig) => rig.name));
  const left: RescueHome[] = [];
  for (const { name, kind } of (await ctx.ports.files.list(ctx.root)) ?? []) {
    if (kind !== 'dir' || known.has(name) || !isRigName(name)) continue;
    const paths = rigPaths(ctx.root, name);
    if ((await ctx.ports.files.stat(paths.bare)) === undefined) continue;
    const branch = (await readJsonFile(ctx.ports.files, paths.configFile))?.['default_branch'];
    left.push({ name, paths, defaultBranch: typeof branch === 'string' ? branch : undefined });
  }
  return [...rigs, ...left];
}

/** Everything kept in these rigs, newest first. @param label only of this worker */
export async function listKept(
  ctx: TownContext,
  homes: readonly RescueHome[],
  label?: string,
): Promise<readonly KeptWork[]> {
  const kept: KeptWork[] = [];
  for (const home of homes) {
    const refs = await ctx.ports.git.objects.listRefs(home.paths.bare, rescuePrefix(home, label));
    for (let at = 0; at < refs.length; at += AT_ONCE) {
      const some = refs.slice(at, at + AT_ONCE).map((ref) => readKept(ctx, home, ref));
      kept.push(...(await Promise.all(some)).filter((work) => work !== undefined));
    }
  }
  return withSubmodules(kept).toSorted((left, right) => right.at - left.at);
}

/** One rescue by what people type. NotFoundError `rescue.not-found`. */
export async function findKept(ctx: TownContext, text: string): Promise<KeptWork> {
  const wanted = parseRescueText(text);
  const home = (await rescueHomes(ctx)).find(({ name }) => name === wanted.rig);
  if (home === undefined) throw noSuchRescue(text);
  const kept = await listKept(ctx, [home], wanted.label);
  const found = kept.find(({ name }) => wanted.stamp === undefined || name.stamp === wanted.stamp);
  if (found === undefined) throw noSuchRescue(text);
  return found;
}

async function readKept(ctx: TownContext, home: RescueHome, ref: GitRef): Promise<KeptWork | undefined> {
  const { objects, snapshots } = ctx.ports.git;
  const name = parseRescueRef(ref.name);
  if (name === undefined) return undefined;
  const { bare } = home.paths;
  const { message } = await objects.commit(bare, ref.sha);
  const contents = await snapshots.contents(bare, ref.sha);
  const about = parseRescueMessage(message);
  const base = about.submodule === undefined ? await baseOf(ctx, home, contents.head) : undefined;
  const log = { ...(base === undefined ? {} : { from: base }), to: contents.head ?? ref.sha };
  const since = base ?? contents.head;
  return {
    home,
    name,
    at: timeOfStamp(name.stamp),
    about,
    commit: ref.sha,
    contents,
    commits: base === undefined ? 0 : (await objects.log(bare, { ...log, limit: MOST_COMMITS })).length,
    files:
      since === undefined ? [] : (await objects.changedPaths(bare, [{ from: since, to: ref.sha }])).flat(),
    submodules: [],
  };
}

/** Where the work left the default branch. */
async function baseOf(
  ctx: TownContext,
  { paths, defaultBranch }: RescueHome,
  head: Sha | undefined,
): Promise<Sha | undefined> {
  if (defaultBranch === undefined || head === undefined) return undefined;
  const { objects } = ctx.ports.git;
  const tip = await objects.resolve(paths.bare, `refs/remotes/origin/${defaultBranch}`);
  return tip === undefined ? undefined : objects.mergeBase(paths.bare, tip, head);
}

/** A submodule's own ref belongs to the rescue that was made with it, by its time. */
function withSubmodules(all: readonly KeptWork[]): readonly KeptWork[] {
  const key = ({ name }: KeptWork): string => `${name.rig}/${name.label}/${name.stamp.replace(/-.*/, '')}`;
  const parts = Map.groupBy(
    all.filter(({ about }) => about.submodule !== undefined),
    key,
  );
  return all
    .filter(({ about }) => about.submodule === undefined)
    .map((work) => ({
      ...work,
      submodules: (parts.get(key(work)) ?? [])
        .map(({ about, name, commit }) => ({ path: about.submodule ?? '', ref: name.ref, commit }))
        .toSorted((left, right) => left.path.localeCompare(right.path)),
    }));
}
