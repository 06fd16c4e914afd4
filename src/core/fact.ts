import { GtError, messageOf } from './errors.ts';

/**
 * Something observed, or the reason why it could not be observed. "Could not look" is never "is not there":
 * a function that decides on facts takes `Fact<T>`, never `T | undefined`.
 */
export type Fact<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function known<T>(value: T): Fact<T> {
  return { ok: true, value };
}

/** What `read` returns, or the message of the error a person can act on. */
export async function factOf<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return unknownFact(messageOf(error));
  }
}

export function unknownFact(why: string): Fact<never> {
  return { ok: false, why };
}
