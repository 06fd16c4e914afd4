/** The words of one command, sorted but not yet judged. */
export interface ParsedWords {
  readonly positionals: readonly string[];
  /** Values per flag in the order they were given; a bool's are 'true' and 'false'. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

export const NO_WORDS: ParsedWords = { positionals: [], flags: new Map() };
