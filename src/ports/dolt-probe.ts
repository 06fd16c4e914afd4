/** What a Dolt server says about itself over SQL. */
export interface DoltServerFacts {
  /** Its `@@datadir`: set by the configuration that gt writes, '' on servers that others started. */
  readonly dataDir: string;
  /** User databases it serves. */
  readonly databases: readonly string[];
}

export type DoltAnswer =
  | { readonly kind: 'dolt'; readonly facts: DoltServerFacts }
  /** Nobody accepts connections there. */
  | { readonly kind: 'silent'; readonly why: string }
  /** Somebody does, but does not speak to us as a Dolt server would. */
  | { readonly kind: 'foreign'; readonly why: string };

/** Asks whoever listens on a loopback port who it is, on a connection of its own. Never throws. */
export interface DoltProbe {
  ask(port: number, timeoutMs: number): Promise<DoltAnswer>;
}
