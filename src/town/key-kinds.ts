import { UsageError } from '../core/errors.ts';
import { parseDuration } from '../core/duration.ts';
import { isJsonObject, valueAt, withValueAt } from './json-file.ts';
import type { JsonObject } from './json-file.ts';

/**
 * One kind of setting: how its value is read from JSON, typed by people and shown. `read` returns undefined for
 * a value of the wrong shape.
 */
export interface KeyKind<T> {
  /** What a value looks like, for messages: `a duration such as 30s`. */
  readonly expects: string;
  read(raw: unknown): T | undefined;
  /** The JSON to store for typed text; undefined = not such a value. `before` is the JSON there now. */
  parse(text: string, before: unknown): unknown;
  show(value: T): string;
}

/** A setting that some code acts on. */
export interface SettingKey<T, F extends T | undefined = T | undefined> {
  readonly kind: KeyKind<T>;
  /** The value when no file sets it. */
  readonly fallback: F;
  readonly summary: string;
}

export function key<T>(kind: KeyKind<T>, fallback: NoInfer<T>, summary: string): SettingKey<T, T> {
  return { kind, fallback, summary };
}

/** A setting without a default. */
export function optional<T>(kind: KeyKind<T>, summary: string): SettingKey<T, undefined> {
  return { kind, fallback: undefined, summary };
}

/**
 * The document with the typed `text` at `path`; '' and `null` remove it. UsageError `config.bad-value`.
 * @param name as people know it
 */
export function withTyped(
  doc: JsonObject,
  path: readonly string[],
  { name, kind, text }: { readonly name: string; readonly kind: KeyKind<unknown>; readonly text: string },
): JsonObject {
  if (text === '' || text === 'null') return withValueAt(doc, path, undefined);
  const raw = kind.parse(text, valueAt(doc, path));
  if (raw !== undefined && kind.read(raw) !== undefined) return withValueAt(doc, path, raw);
  throw new UsageError({
    code: 'config.bad-value',
    message: `'${text.slice(0, 60)}' is no value of ${name}: it must be ${kind.expects}`,
  });
}

/** A duration in milliseconds: Go strings (`1h30m`); integers in Go files are nanoseconds and stay integers. */
export const durationKind: KeyKind<number> = {
  expects: 'a duration such as 30s or 1h30m',
  read: (raw) => (typeof raw === 'number' ? raw / 1e6 : typeof raw === 'string' ? millisOf(raw) : undefined),
  parse: (text, before) => {
    const ms = millisOf(text);
    if (ms === undefined) return undefined;
    return typeof before === 'number' ? Math.round(ms * 1e6) : text.trim();
  },
  show: (ms) => showDuration(ms),
};

export const boolKind: KeyKind<boolean> = {
  expects: 'true or false',
  read: (raw) => (typeof raw === 'boolean' ? raw : undefined),
  parse: (text) =>
    ({ true: true, on: true, yes: true, false: false, off: false, no: false })[text.trim().toLowerCase()],
  show: String,
};

export const textKind: KeyKind<string> = {
  expects: 'text',
  read: (raw) => (typeof raw === 'string' ? raw : undefined),
  parse: (text) => text,
  show: (value) => value,
};

export const listKind: KeyKind<readonly string[]> = {
  expects: 'a list such as a,b',
  read: (raw) => (Array.isArray(raw) && raw.every((item) => typeof item === 'string') ? raw : undefined),
  parse: (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  show: (value) => value.join(','),
};

/** A whole number between two bounds. */
export function intKind(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): KeyKind<number> {
  const valid = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  const bounds =
    min === Number.MIN_SAFE_INTEGER
      ? ''
      : ` from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`;
  return {
    expects: `a whole number${bounds}`,
    read: (raw) => (typeof raw === 'string' && /^-?\d+$/.test(raw) ? valid(Number(raw)) : valid(raw)),
    parse: (text, before) => {
      const value = /^-?\d+$/.test(text.trim()) ? valid(Number(text)) : undefined;
      return value !== undefined && typeof before === 'string' ? String(value) : value;
    },
    show: String,
  };
}

/** A number, fractions allowed, not negative. */
export const numberKind: KeyKind<number> = {
  expects: 'a number',
  read: (raw) => (typeof raw === 'number' && raw >= 0 ? raw : undefined),
  parse: (text) => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined),
  show: String,
};

export function choiceKind<const T extends string>(values: readonly T[]): KeyKind<T> {
  const valid = (raw: unknown): T | undefined => values.find((value) => value === raw);
  return {
    expects: `one of ${values.join(', ')}`,
    read: valid,
    parse: (text) => valid(text.trim()),
    show: (value) => value,
  };
}

/** Names with text values, e.g. role → agent; typed as `a=b,c=d`. */
export const wordsKind: KeyKind<Readonly<Record<string, string>>> = {
  expects: 'pairs such as polecat=claude,crew=codex',
  read: (raw) =>
    isJsonObject(raw) && Object.values(raw).every((value) => typeof value === 'string')
      ? (raw as Readonly<Record<string, string>>)
      : undefined,
  parse: parsePairs,
  show: (value) =>
    Object.entries(value)
      .map(([name, word]) => `${name}=${word}`)
      .join(','),
};

/** An object that another part of gt parses (agent records). Not typed on a command line. */
export const objectKind: KeyKind<JsonObject> = {
  expects: 'a JSON object',
  read: (raw) => (isJsonObject(raw) ? raw : undefined),
  parse: (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return isJsonObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  },
  show: (value) => JSON.stringify(value),
};

function parsePairs(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  const split = pairs.map((pair) => /^\s*([\w/-]+)\s*=\s*(\S+)\s*$/.exec(pair));
  if (split.includes(null)) return undefined;
  return Object.fromEntries(split.map((match) => [match?.[1] ?? '', match?.[2] ?? '']));
}

function millisOf(text: string): number | undefined {
  if (text.trim() === '0') return 0;
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** `1h30m`, `45s`, `500ms`: milliseconds as a Go duration reads. */
export function showDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms % 1000 !== 0) return `${ms}ms`;
  const parts = [
    [Math.floor(ms / 3_600_000), 'h'],
    [Math.floor(ms / 60_000) % 60, 'm'],
    [(ms / 1000) % 60, 's'],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join('');
}
