import { createHash } from 'node:crypto';
import type { Random } from '../../src/ports/random.ts';

/** The same bytes for the same seed and order of calls. */
export function createFakeRandom(seed = 'seed'): Random {
  let calls = 0;
  const bytes = (count: number): Uint8Array => {
    const out = new Uint8Array(count);
    for (let at = 0; at < count; at += 32) {
      calls += 1;
      const block = createHash('sha256').update(`${seed}:${calls}`).digest();
      out.set(block.subarray(0, Math.min(32, count - at)), at);
    }
    return out;
  };
  return { bytes, uuid: () => uuidOf(bytes(16)) };
}

/** RFC 9562 version 4 from 16 bytes. */
function uuidOf(bytes: Uint8Array): string {
  const marked = bytes.with(6, ((bytes[6] ?? 0) & 0x0f) | 0x40).with(8, ((bytes[8] ?? 0) & 0x3f) | 0x80);
  const hex = Buffer.from(marked).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
