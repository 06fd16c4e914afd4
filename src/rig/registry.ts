import * as z from 'zod/mini';
import { GtError, NotFoundError, UnreadableError, messageOf } from '../core/errors.ts';
import { parsePrefix, parseRigName, type Prefix, type RigName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import type { TownBase } from '../town/base.ts';
import {
  checkHeader,
  corrupt,
  isJsonObject,
  readJsonFile,
  type JsonHeader,
  type JsonObject,
} from '../town/json-file.ts';
import { rigPaths, type RigPaths } from '../town/layout.ts';
import { describeIssue } from '../town/town-file.ts';

/** A registered project. */
export interface Rig {
  readonly name: RigName;
  /** Of its beads, without `-`. */
  readonly prefix: Prefix;
  /** Of its ledger. */
  readonly database: string;
  /** Where work is fetched from. */
  readonly gitUrl: string;
  /** Where branches are pushed when that is another place (a fork). */
  readonly pushUrl: string | undefined;
  readonly upstreamUrl: string | undefined;
  readonly defaultBranch: string;
  /** Folders that worktrees hold, besides the files at the top; empty = everything. */
  readonly sparse: readonly string[];
  /** RFC 3339; '' when the file does not say. */
  readonly addedAt: string;
  readonly paths: RigPaths;
}

/** A registered rig that cannot be used, and why. Nothing may be started, stopped or decided for it. */
export interface BrokenRig {
  readonly name: string;
  readonly why: string;
  /** By which its sessions and beads can still be told from those of others; undefined when that is lost too. */
  readonly place: RigPlace | undefined;
}

/** What tells the sessions and beads of a rig from those of others. */
export type RigPlace = Pick<Rig, 'name' | 'prefix'>;

export interface Rigs {
  /** By name. */
  readonly rigs: readonly Rig[];
  readonly broken: readonly BrokenRig[];
}

/** What reading the registry needs; every TownContext fits. */
export type RigSource = Pick<TownBase, 'root' | 'paths'> & {
  readonly ports: Pick<TownBase['ports'], 'files'>;
  /** Hears of each rig that `listRigs` leaves out, so that whoever asked is told. */
  readonly leftOut?: (rig: Pick<BrokenRig, 'name' | 'why'>) => void;
};

export const RIGS_HEADER: JsonHeader = { version: 1 };
export const RIG_HEADER: JsonHeader = { type: 'rig', version: 1 };

export const rigEntrySchema = z.object({
  git_url: z.string(),
  push_url: z.optional(z.string()),
  upstream_url: z.optional(z.string()),
  added_at: z.optional(z.string()),
  beads: z.optional(z.nullable(z.object({ prefix: z.optional(z.string()) }))),
});
export const rigConfigSchema = z.object({
  git_url: z.optional(z.string()),
  push_url: z.optional(z.string()),
  upstream_url: z.optional(z.string()),
  default_branch: z.optional(z.string()),
  sparse_checkout: z.optional(z.array(z.string())),
  beads: z.optional(z.nullable(z.object({ prefix: z.optional(z.string()) }))),
});

/**
 * The usable rigs, by name: two small files each, no database, no git. Whoever runs the command is told which were
 * left out. UnreadableError when rigs.json is corrupt.
 */
export async function listRigs(town: RigSource): Promise<readonly Rig[]> {
  const { rigs, broken } = await readRigs(town);
  for (const rig of broken) town.leftOut?.(rig);
  return rigs;
}

/** Also of rigs that cannot be used: their sessions are not nobody's. */
export async function listRigPlaces(town: RigSource): Promise<readonly RigPlace[]> {
  const { rigs, broken } = await readRigs(town);
  return [...rigs, ...broken.flatMap(({ place }) => (place === undefined ? [] : [place]))];
}

/** All registered rigs; one that cannot be read does not hide the others. */
export async function readRigs(town: RigSource): Promise<Rigs> {
  const entries = Object.entries(await readRegistry(town));
  const read = await Promise.all(entries.map(([name, entry]) => readRig(town, name, entry)));
  return {
    rigs: read.flatMap((rig) => ('why' in rig ? [] : [rig])).sort((a, b) => (a.name < b.name ? -1 : 1)),
    broken: read.flatMap((rig) => ('why' in rig ? [rig] : [])),
  };
}

/** NotFoundError `rig.not-found` with the nearest name; UnreadableError `rig.broken` with the reason. */
export async function rigNamed(town: RigSource, name: string): Promise<Rig> {
  const { rigs, broken } = await readRigs(town);
  const found = rigs.find((rig) => rig.name === name);
  if (found !== undefined) return found;
  const damaged = broken.find((rig) => rig.name === name);
  if (damaged !== undefined) throw brokenRig(damaged);
  throw rigNotFound(name, rigs);
}

export function rigNotFound(name: string, rigs: readonly Pick<Rig, 'name'>[]): NotFoundError {
  const names = rigs.map((rig) => rig.name);
  return new NotFoundError({
    code: 'rig.not-found',
    message: `no rig '${name.slice(0, 60)}'`,
    hint: nearestHint(name, names, 'Run: gt rig list'),
  });
}

/**
 * The rig whose prefix the id has (the longest one wins); undefined for a bead of the town or an unknown prefix.
 * UnreadableError `rig.broken` when that of a rig is not known.
 */
export function rigOfId({ rigs, broken }: Rigs, id: string): Rig | undefined {
  const matching = rigs.filter((rig) => id.startsWith(`${rig.prefix}-`));
  const found = matching.sort((a, b) => b.prefix.length - a.prefix.length)[0];
  const [damaged] = broken;
  if (found === undefined && damaged !== undefined && !id.startsWith('hq-')) throw brokenRig(damaged);
  return found;
}

/** The `rigs` of mayor/rigs.json, else of its mirror T/rigs.json. A town without either has no rigs. */
async function readRegistry(town: RigSource): Promise<JsonObject> {
  const { files } = town.ports;
  const mirror = `${town.root}/rigs.json`;
  for (const path of [town.paths.rigsFile, mirror]) {
    const doc = await readJsonFile(files, path);
    if (doc === undefined) continue;
    checkHeader(doc, RIGS_HEADER, path);
    const rigs = doc['rigs'] ?? {};
    if (!isJsonObject(rigs)) throw corrupt(path, "'rigs' is no object");
    return rigs;
  }
  return {};
}

async function readRig(town: RigSource, name: string, entry: unknown): Promise<Rig | BrokenRig> {
  try {
    return await parseRig(town, name, entry);
  } catch (error) {
    return { name, why: messageOf(error), place: placeOf(name, entry) };
  }
}

function placeOf(name: string, raw: unknown): RigPlace | undefined {
  const prefix = rigEntrySchema.safeParse(raw).data?.beads?.prefix ?? '';
  try {
    return { name: parseRigName(name), prefix: parsePrefix(prefix) };
  } catch (error) {
    if (error instanceof GtError) return undefined;
    throw error;
  }
}

async function parseRig(town: RigSource, text: string, raw: unknown): Promise<Rig> {
  const name = parseRigName(text);
  const paths = rigPaths(town.root, name);
  const entry = rigEntrySchema.safeParse(raw);
  if (!entry.success) throw corrupt(town.paths.rigsFile, entry.error.issues.map(describeIssue).join('; '));
  const doc = await readJsonFile(town.ports.files, paths.configFile);
  if (doc === undefined) throw corrupt(paths.configFile, 'there is no such file');
  checkHeader(doc, RIG_HEADER, paths.configFile);
  const config = rigConfigSchema.safeParse(doc);
  if (!config.success) throw corrupt(paths.configFile, config.error.issues.map(describeIssue).join('; '));
  const { git_url, push_url, upstream_url, added_at, beads } = entry.data;
  const prefix = beads?.prefix ?? config.data.beads?.prefix;
  const branch = config.data.default_branch;
  if (prefix === undefined || prefix === '') throw corrupt(paths.configFile, 'it names no bead prefix');
  // Never guessed: work based on or pushed to a wrong branch is lost work (P30).
  if (branch === undefined || branch === '') throw corrupt(paths.configFile, 'it names no default_branch');
  return {
    name,
    prefix: parsePrefix(prefix),
    database: name,
    gitUrl: git_url,
    pushUrl: nonEmpty(push_url ?? config.data.push_url),
    upstreamUrl: nonEmpty(upstream_url ?? config.data.upstream_url),
    defaultBranch: branch,
    sparse: config.data.sparse_checkout ?? [],
    addedAt: added_at ?? '',
    paths,
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** UnreadableError `rig.broken`. */
export function brokenRig({ name, why }: BrokenRig): UnreadableError {
  return new UnreadableError({
    code: 'rig.broken',
    message: `rig ${name} cannot be used: ${why}`,
    hint: 'Run: gt doctor',
  });
}
