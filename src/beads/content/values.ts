import { isJsonObject, type JsonObject } from '../../town/json-file.ts';

/** JSON with sorted keys and no spaces: the same value is the same text, whichever engine stored it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isJsonObject(part) ? sorted(part) : part));
}

function sorted(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
}
