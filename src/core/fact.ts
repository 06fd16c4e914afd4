/**
 * Something observed, or the reason why it could not be observed. "Could not look" is never "is not there":
 * a function that decides on facts takes `Fact<T>`, never `T | undefined`.
 */
export type Fact<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function known<T>(value: T): Fact<T> {
  return { ok: true, value };
}

export function unknownFact(why: string): Fact<never> {
  return { ok: false, why };
}
