import type { Random } from '../../ports/random.ts';

const MAX_SEQUENCE = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562) that sort in the order they were made, within one millisecond too: rows of
 * one second, the ledger's resolution, keep their order.
 */
export function createUuid7(now: () => number, random: Random): () => string {
  let lastMs = 0;
  let sequence = 0;
  return () => {
    const ms = Math.max(now(), lastMs);
    sequence = ms === lastMs ? sequence + 1 : 0;
    lastMs = ms;
    if (sequence > MAX_SEQUENCE) {
      // Borrowed from the next millisecond: order matters more than the last digit of the time.
      lastMs += 1;
      sequence = 0;
    }
    return formatUuid7(lastMs, sequence, random.bytes(8));
  };
}

/** @param sequence 12 bits @param random 8 bytes */
export function formatUuid7(unixMs: number, sequence: number, random: Uint8Array): string {
  const time = unixMs.toString(16).padStart(12, '0').slice(-12);
  const tail = Uint8Array.from(random.subarray(0, 8));
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(tail).toString('hex');
  const version = `7${sequence.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
