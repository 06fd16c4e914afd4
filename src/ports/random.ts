/** Randomness: replaced by a seeded one in tests. */
export interface Random {
  /** `count` unpredictable bytes. */
  bytes(count: number): Uint8Array;
  /** A random UUID (version 4). */
  uuid(): string;
}
