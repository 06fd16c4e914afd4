import { UnreadableError, UsageError } from '../core/errors.ts';
import { nearestHint, nearestOf } from '../core/nearest.ts';
import { isJsonObject, valueAt } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import type { SettingKey } from './key-kinds.ts';

/** One file that sets keys. */
export interface Layer {
  readonly path: string;
  readonly doc: JsonObject;
  /** Which keys it may set, by their `file`; default: those that name none. */
  readonly takes?: (file: string | undefined) => boolean;
  /** Keys that have their default here, whatever weaker layers say. */
  readonly blocks?: readonly string[];
  /** It holds other things too: a name that nobody knows is none of ours. */
  readonly isShared?: true;
  /** Where in the file `doc` lies; default: it is the whole of it. */
  readonly at?: readonly string[];
}

type Keys = Readonly<Record<string, SettingKey<unknown>>>;

/** The type of a key's value; only keys without a fallback may be undefined. */
export type ValueOf<T, K extends keyof T> = T[K] extends SettingKey<infer V, infer F> ? V | F : never;

/** What the program knows of one kind of settings: the table behind reading, `get`, `set`, `explain` and the docs. */
export interface KeyTable<T extends Keys> {
  readonly keys: T;
  /** Names that other programs read in the same files (with everything below them): never warned of. */
  readonly kept: readonly string[];
  /** Names that once meant something, with what to do instead. */
  readonly outdated: Readonly<Record<string, string>>;
  /** `town setting`, as messages call a key. */
  readonly noun: string;
  /** The command that lists them. */
  readonly list: string;
}

/** Settings as they act: the first layer that holds a key, else its default. */
export interface Settings<T extends Keys> {
  /** Throws UnreadableError `config.bad-value` when the file holds something else there. */
  get<K extends keyof T & string>(key: K): ValueOf<T, K>;
  /** The file that sets `key`, or `default`. */
  source(key: keyof T & string): string;
  report(key: keyof T & string): KeyReport;
  /** One line per name in the files that nothing reads and nobody knows, with the nearest one that counts. */
  readonly warnings: readonly string[];
}

/** A key as `get`, `list` and `explain` show it. */
export interface KeyReport {
  readonly key: string;
  /** JSON of the effective value; null when there is none. */
  readonly value: unknown;
  /** As typed on a command line; '' when there is none. */
  readonly text: string;
  /** `default` or the file that sets it. */
  readonly source: string;
  readonly summary: string;
  /** Why the value in the file does not count; undefined = it does. */
  readonly problem: string | undefined;
}

/** Settings of layers already read, the strongest first. */
export function settingsOf<T extends Keys>(table: KeyTable<T>, layers: readonly Layer[]): Settings<T> {
  const setting = (name: string): readonly Layer[] => {
    const able = layers.filter((layer) => layer.blocks?.includes(name) ?? false);
    const from = able[0] === undefined ? layers : layers.slice(0, layers.indexOf(able[0]));
    return from.filter((layer) => sets(layer, specOf(table, name), name));
  };
  const valueIn = ({ doc, path }: Layer, name: string): unknown => {
    const { kind } = specOf(table, name);
    const value = kind.read(valueAt(doc, pathOf(table, name)));
    if (value === undefined) throw badValue(path, `${name} must be ${kind.expects}`);
    return value;
  };
  const read = (name: string): unknown => {
    const { fallback, sums } = specOf(table, name);
    const [first, ...others] = setting(name);
    if (first === undefined) return fallback;
    if (sums !== true) return valueIn(first, name);
    return [first, ...others].reduce((sum, layer) => sum + Number(valueIn(layer, name)), 0);
  };
  const source = (name: string): string =>
    setting(name)
      .slice(0, specOf(table, name).sums === true ? undefined : 1)
      .map(({ path }) => path)
      .join(', ') || 'default';
  return {
    get: <K extends keyof T & string>(key: K) => read(key) as ValueOf<T, K>,
    source,
    report(key) {
      const { kind, summary } = specOf(table, key);
      const found = { key, source: source(key), summary };
      try {
        const value = read(key);
        const text = value === undefined ? '' : kind.show(value);
        return { ...found, value: value ?? null, text, problem: undefined };
      } catch (error) {
        if (!(error instanceof UnreadableError)) throw error;
        return { ...found, value: null, text: '', problem: error.message };
      }
    },
    get warnings() {
      return layers.flatMap((layer) => (layer.isShared === true ? [] : warningsOf(table, layer)));
    },
  };
}

export function keyNames<T extends Keys>(table: KeyTable<T>): readonly (keyof T & string)[] {
  return Object.keys(table.keys);
}

/** A known key. UsageError `config.unknown-key` with the nearest one. */
export function parseKey<T extends Keys>(table: KeyTable<T>, name: string): keyof T & string {
  const found = keyNames(table).find((key) => key === name);
  if (found !== undefined) return found;
  throw new UsageError({
    code: 'config.unknown-key',
    message: isKept(table, name)
      ? `'${name}' is kept in the file, but nothing reads it`
      : `unknown ${table.noun} '${name.slice(0, 80)}'`,
    hint: nearestHint(name, keyNames(table), `Run: ${table.list}`),
  });
}

/** Where a key lies in its file. */
export function pathOf<T extends Keys>(table: KeyTable<T>, name: string): readonly string[] {
  return specOf(table, name).path ?? name.split('.');
}

export function specOf<T extends Keys>(table: KeyTable<T>, name: string): SettingKey<unknown> {
  const spec = table.keys[name];
  if (spec === undefined)
    throw new UsageError({ code: 'config.unknown-key', message: `unknown ${table.noun}` });
  return spec;
}

/** Does the file set the key? null means that it does not. */
export function sets(layer: Layer, spec: SettingKey<unknown>, name: string): boolean {
  return takes(layer, spec) && (valueAt(layer.doc, spec.path ?? name.split('.')) ?? undefined) !== undefined;
}

export function takes(layer: Layer, { file }: SettingKey<unknown>): boolean {
  return layer.takes?.(file) ?? file === undefined;
}

function badValue(path: string, why: string): UnreadableError {
  return new UnreadableError({
    code: 'config.bad-value',
    message: `${path}: ${why}`,
    hint: `Repair ${path}, or set it anew`,
  });
}

function warningsOf<T extends Keys>(table: KeyTable<T>, layer: Layer): readonly string[] {
  const { doc, path } = layer;
  const paths = keyNames(table)
    .filter((name) => takes(layer, specOf(table, name)))
    .map((name) => pathOf(table, name).join('.'));
  return leavesOf(doc, new Set([...paths, ...table.kept])).flatMap((name) => {
    const outdated = table.outdated[name];
    if (outdated !== undefined) return [`${path}: '${name}' is no longer read: ${outdated}`];
    if (paths.includes(name) || isKept(table, name)) return [];
    if (keyNames(table).includes(name)) return [`${path}: '${name}' does not count in this file`];
    const near = nearestOf(name, paths);
    return [`${path}: unknown setting '${name}'${near === undefined ? '' : `, did you mean ${near}?`}`];
  });
}

/** Dotted names of values; a known name, and an object that holds none, end the descent. */
function leavesOf(doc: JsonObject, known: ReadonlySet<string>, prefix = ''): readonly string[] {
  return Object.entries(doc).flatMap(([name, value]) => {
    const key = `${prefix}${name}`;
    const leads = [...known].some((each) => each.startsWith(`${key}.`));
    return !known.has(key) && leads && isJsonObject(value) ? leavesOf(value, known, `${key}.`) : [key];
  });
}

function isKept<T extends Keys>(table: KeyTable<T>, name: string): boolean {
  return table.kept.some((kept) => name === kept || name.startsWith(`${kept}.`));
}
