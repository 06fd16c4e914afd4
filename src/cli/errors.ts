import { UsageError, type ErrorFacts } from '../core/errors.ts';

/** The words did not fit the command: the only error that is followed by usage text. */
export class ParseError extends UsageError {
  /** Usage line of the command that was meant. */
  readonly usage: string | undefined;

  constructor(facts: ErrorFacts & { readonly usage?: string }) {
    super(facts);
    this.usage = facts.usage;
  }
}
