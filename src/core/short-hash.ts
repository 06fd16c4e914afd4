/** Five characters of base 36, the last part of many ids. @param random at least 5 bytes */
export function shortHash(random: Uint8Array): string {
  return random
    .subarray(0, 5)
    .reduce((value, byte) => value * 256 + byte, 0)
    .toString(36)
    .padStart(5, '0')
    .slice(-5);
}
