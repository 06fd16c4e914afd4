const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * A ULID (Crockford base 32, 26 characters): 48 bits of `unixMs`, then 80 random bits.
 * Used as the writer-unique value of guarded cells; shape per github.com/ulid/spec.
 * @param random at least 10 bytes
 */
export function makeUlid(unixMs: number, random: Uint8Array): string {
  let bits = BigInt(unixMs) & 0xffff_ffff_ffffn;
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return text;
}
