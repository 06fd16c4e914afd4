import type { Random } from '../ports/random.ts';

/** The system's cryptographic randomness. */
export function createRandom(): Random {
  return { bytes: (count) => crypto().randomBytes(count), uuid: () => crypto().randomUUID() };
}

/** Loaded by its first use: it costs 5 ms, and most commands draw no random number. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto');
}
