import { createHash } from 'node:crypto';

/** What a generated id is hashed from (spec 02 §2); `createdNs` is unix time in nanoseconds. */
export interface IdSeed {
  readonly title: string;
  readonly description: string;
  readonly actor: string;
  readonly createdNs: bigint;
}

const MIN_HASH = 3;
export const MAX_HASH = 8;
const MAX_ODDS = 0.25;
/** Levels below a root that ids can name. */
export const MAX_DEPTH = 3;
/** Attempts per length before the id grows. */
const NONCES = 10;

/** Bytes of the digest read for each hash length. */
const BYTES_OF_LENGTH: Readonly<Record<number, number>> = { 3: 2, 4: 3, 5: 4, 6: 4, 7: 5, 8: 5 };

/** The base-36 hash part of an id: `length` characters of 0-9a-z. */
export function hashId(seed: IdSeed, nonce: number, length: number): string {
  const text = `${seed.title}|${seed.description}|${seed.actor}|${seed.createdNs}|${nonce}`;
  const digest = createHash('sha256').update(text, 'utf8').digest();
  let value = 0n;
  for (const byte of digest.subarray(0, BYTES_OF_LENGTH[length] ?? 5)) value = (value << 8n) | BigInt(byte);
  return value.toString(36).padStart(length, '0').slice(-length);
}

/** How long the hashes of a database are, from its settings min_hash_length, max_hash_length, max_collision_prob. */
export interface HashBounds {
  readonly min: number;
  readonly max: number;
  /** Accepted odds of a collision, between 0 and 1. */
  readonly odds: number;
}

/** Settings out of range, which other programs may have written, count as not set. */
export function readHashBounds(config: ReadonlyMap<string, string>): HashBounds {
  const within = (key: string, [least, most]: readonly [number, number], otherwise: number): number => {
    const value = Number.parseFloat(config.get(key) ?? '');
    return value >= least && value <= most ? value : otherwise;
  };
  const min = Math.trunc(within('min_hash_length', [MIN_HASH, MAX_HASH], MIN_HASH));
  const max = Math.trunc(within('max_hash_length', [MIN_HASH, MAX_HASH], MAX_HASH));
  return { min, max: Math.max(min, max), odds: within('max_collision_prob', [1e-9, 1], MAX_ODDS) };
}

/** Shortest hash whose collision odds among `count` ids are accepted. */
export function hashLength(count: number, bounds = readHashBounds(new Map())): number {
  for (let length = bounds.min; length < bounds.max; length += 1) {
    const odds = 1 - Math.exp(-(count * count) / (2 * 36 ** length));
    if (odds <= bounds.odds) return length;
  }
  return bounds.max;
}

/** The ids to try at one length, in order. `stem` is all before the hash, such as `gt-` or `gt-wisp-`. */
export function candidateIds(stem: string, seed: IdSeed, length: number): readonly string[] {
  return Array.from({ length: NONCES }, (_, nonce) => stem + hashId(seed, nonce, length));
}

/** The number of a direct child `<parent>.<n>`, or undefined for anything else. */
export function childNumber(parent: string, id: string): number | undefined {
  const rest = id.startsWith(`${parent}.`) ? id.slice(parent.length + 1) : '';
  return /^\d{1,9}$/.test(rest) ? Number(rest) : undefined;
}

/** How deep an id sits under its root: `gt-a` 0, `gt-a.1.2` 2. */
export function hierarchyDepth(id: string): number {
  return id.split('.').length - 1;
}
