import type { Tokens, TranscriptItem } from '../transcripts/item.ts';

/** What a conversation was about, found by code alone. */
export interface Summary {
  /** The first words of the user. */
  readonly first: string | undefined;
  /** What the agent said to people, oldest first; of many the first and the newest. */
  readonly said: readonly string[];
  /** Statements that were left out between those. */
  readonly leftOut: number;
  readonly files: readonly string[];
  /** Shell commands, the newest last; how many there were in all is `ran`. */
  readonly commands: readonly string[];
  readonly ran: number;
  readonly last: { readonly by: 'user' | 'agent'; readonly text: string } | undefined;
  /** undefined = the transcript does not say. */
  readonly tokens: Tokens | undefined;
}

const FIRST_SAID = 3;
const LAST_SAID = 12;
const KEPT_COMMANDS = 40;
const KEPT_FILES = 500;

/** Takes the items of a conversation one after the other and keeps only what the summary needs. */
export class SummaryBuilder {
  #first: string | undefined;
  #last: Summary['last'];
  #saidCount = 0;
  readonly #head: string[] = [];
  readonly #tail: string[] = [];
  readonly #files = new Set<string>();
  #commands: string[] = [];
  #ran = 0;
  readonly #used = new Map<string, Tokens>();

  add(item: TranscriptItem): void {
    switch (item.kind) {
      case 'said':
        this.#say(item.by, item.text);
        return;
      case 'ran':
        this.#ran += 1;
        this.#commands = [...this.#commands.slice(-KEPT_COMMANDS + 1), item.command];
        return;
      case 'wrote':
        if (this.#files.size < KEPT_FILES) this.#files.add(item.path);
        return;
      case 'used':
        this.#used.set(item.call, item.tokens);
        return;
      case 'saw':
    }
  }

  #say(by: 'user' | 'agent', text: string): void {
    this.#last = { by, text };
    if (by === 'user') {
      this.#first ??= text;
      return;
    }
    this.#saidCount += 1;
    if (this.#head.length < FIRST_SAID) this.#head.push(text);
    else this.#tail.push(text);
    if (this.#tail.length > LAST_SAID) this.#tail.shift();
  }

  build(): Summary {
    const used = [...this.#used.values()];
    const sum = (key: keyof Tokens): number => used.reduce((total, tokens) => total + tokens[key], 0);
    return {
      first: this.#first,
      said: [...this.#head, ...this.#tail],
      leftOut: this.#saidCount - this.#head.length - this.#tail.length,
      files: [...this.#files].sort(),
      commands: this.#commands,
      ran: this.#ran,
      last: this.#last,
      tokens:
        used.length === 0 ? undefined : { input: sum('input'), output: sum('output'), cached: sum('cached') },
    };
  }
}
