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

/** Shortest hash whose collision odds among `count` ids stay under a quarter. */
export function hashLength(count: number): number {
  for (let length = MIN_HASH; length < MAX_HASH; length += 1) {
    const odds = 1 - Math.exp(-(count * count) / (2 * 36 ** length));
    if (odds <= 0.25) return length;
  }
  return MAX_HASH;
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
