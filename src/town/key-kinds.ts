import * as z from 'zod/mini';
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
  /** What JSON may hold; editors get the same. */
  readonly schema: z.ZodMiniType;
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
  /** The only file that may set it, where that is not the usual one. */
  readonly file?: string;
  /** Where in the file, when that differs from the key's own dots. */
  readonly path?: readonly string[];
  /** Nothing here acts on it: it is kept, and may be set, for the Go gt, which reads the same file. */
  readonly inert?: true;
  /** Numbers of all places are added up; default: the first place that says something wins. */
  readonly sums?: true;
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

interface KindFacts<R, T> extends Omit<KeyKind<T>, 'read' | 'schema'> {
  readonly schema: z.ZodMiniType<R>;
  /** The value that the JSON stands for. */
  readonly value: (raw: R) => T | undefined;
}

function kindOf<R, T>({ schema, value, ...rest }: KindFacts<R, T>): KeyKind<T> {
  const read = (raw: unknown): T | undefined => {
    const parsed = schema.safeParse(raw);
    return parsed.success ? value(parsed.data) : undefined;
  };
  return { ...rest, schema, read };
}

/** A duration in milliseconds: Go strings (`1h30m`); integers in Go files are nanoseconds and stay integers. */
export const durationKind: KeyKind<number> = kindOf({
  expects: 'a duration such as 30s or 1h30m',
  schema: z.union([z.string(), z.number()]),
  value: (raw) => (typeof raw === 'number' ? raw / 1e6 : millisOf(raw)),
  parse: (text, before) => {
    const ms = millisOf(text);
    if (ms === undefined) return undefined;
    return typeof before === 'number' ? Math.round(ms * 1e6) : text.trim();
  },
  show: (ms) => showDuration(ms),
});

export const boolKind: KeyKind<boolean> = kindOf({
  expects: 'true or false',
  schema: z.boolean(),
  value: (raw) => raw,
  parse: (text) =>
    ({ true: true, on: true, yes: true, false: false, off: false, no: false })[text.trim().toLowerCase()],
  show: String,
});

export const textKind: KeyKind<string> = kindOf({
  expects: 'text',
  schema: z.string(),
  value: (raw) => raw,
  parse: (text) => text,
  show: (value) => value,
});

export const listKind: KeyKind<readonly string[]> = kindOf({
  expects: 'a list such as a,b',
  schema: z.array(z.string()),
  value: (raw) => raw,
  parse: (text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  show: (value) => value.join(','),
});

/** A whole number between two bounds; the Go gt writes some of them as text. */
export function intKind(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): KeyKind<number> {
  const number = z.int().check(z.minimum(min), z.maximum(max));
  const bounds =
    min === Number.MIN_SAFE_INTEGER
      ? ''
      : ` from ${min}${max === Number.MAX_SAFE_INTEGER ? '' : ` to ${max}`}`;
  return kindOf({
    expects: `a whole number${bounds}`,
    schema: z.union([number, z.string().check(z.regex(/^-?\d+$/))]),
    value: (raw) => number.safeParse(Number(raw)).data,
    parse: (text, before) => {
      const value = /^-?\d+$/.test(text.trim()) ? number.safeParse(Number(text)).data : undefined;
      return value !== undefined && typeof before === 'string' ? String(value) : value;
    },
    show: String,
  });
}

/** A number, fractions allowed, not negative. */
export const numberKind: KeyKind<number> = kindOf({
  expects: 'a number',
  schema: z.number().check(z.minimum(0)),
  value: (raw) => raw,
  parse: (text) => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined),
  show: String,
});

export function choiceKind<const T extends string>(values: readonly T[]): KeyKind<T> {
  return kindOf({
    expects: `one of ${values.join(', ')}`,
    schema: z.enum(values),
    value: (raw): T | undefined => values.find((value) => value === raw),
    parse: (text) => values.find((value) => value === text.trim()),
    show: (value) => value,
  });
}

/** Names with text values, e.g. role → agent; typed as `a=b,c=d`. */
export const wordsKind: KeyKind<Readonly<Record<string, string>>> = kindOf({
  expects: 'pairs such as polecat=claude,crew=codex',
  schema: z.record(z.string(), z.string()),
  value: (raw) => raw,
  parse: parsePairs,
  show: showPairs,
});

/** The same with values of a list. */
export function choicesKind<const T extends string>(
  values: readonly T[],
): KeyKind<Readonly<Record<string, T>>> {
  return kindOf({
    expects: `pairs such as polecat=${values[0] ?? ''}, each one of ${values.join(', ')}`,
    schema: z.record(z.string(), z.enum(values)),
    value: (raw): Readonly<Record<string, T>> => raw,
    parse: parsePairs,
    show: (value: Readonly<Record<string, T>>) => showPairs(value),
  });
}

/** An object that another part of gt parses (agent records). Not typed on a command line. */
export const objectKind: KeyKind<JsonObject> = kindOf({
  expects: 'a JSON object',
  schema: z.record(z.string(), z.unknown()),
  value: (raw) => raw,
  parse: (text) => {
    try {
      const value: unknown = JSON.parse(text);
      return isJsonObject(value) ? value : undefined;
    } catch {
      return undefined;
    }
  },
  show: (value) => JSON.stringify(value),
});

function showPairs(pairs: Readonly<Record<string, string>>): string {
  return Object.entries(pairs)
    .map(([name, word]) => `${name}=${word}`)
    .join(',');
}

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
