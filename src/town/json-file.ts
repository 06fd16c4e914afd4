import { RefusedError, UnreadableError, messageOf } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import type { TownBase } from './base.ts';

/** A JSON document as read: keys that we do not know stay in it, so a rewrite keeps them. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How long a writer waits for another one of the same file. */
const LOCK_WAIT_MS = 10_000;

/**
 * The object in a JSON file; undefined when there is no such file.
 * UnreadableError `file.corrupt` when it is not a JSON object.
 */
export async function readJsonFile(files: Files, path: string): Promise<JsonObject | undefined> {
  const text = await files.readText(path);
  return text === undefined ? undefined : parseJsonObject(text, path);
}

export function parseJsonObject(text: string, path: string): JsonObject {
  if (text.startsWith('\uFEFF'))
    throw corrupt(path, 'it begins with a byte order mark; save it as plain UTF-8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(path, messageOf(error));
  }
  if (!isJsonObject(value)) throw corrupt(path, 'it holds no JSON object');
  return value;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The error of a file that exists and makes no sense: nothing may be decided from its absence.
 * @param why what is wrong with it, no full stop
 */
export function corrupt(path: string, why: string): UnreadableError {
  return new UnreadableError({
    code: 'file.corrupt',
    message: `cannot read ${path}: ${why}`,
    hint: `Repair ${path} or restore it from a backup`,
  });
}

export interface JsonHeader {
  readonly type?: string;
  /** Newest version that we can write. */
  readonly version: number;
}

/** Refuses a newer version or a file of another type; a missing `type` or `version` is an old file and fine. */
export function checkHeader(doc: JsonObject, header: JsonHeader, path: string): void {
  const { type, version } = doc;
  if (header.type !== undefined && typeof type === 'string' && type !== header.type) {
    throw corrupt(path, `its type is '${type}', not '${header.type}'`);
  }
  if (typeof version === 'number' && version > header.version) {
    throw new RefusedError({
      code: 'file.newer',
      message: `${path} has version ${version}: this gt knows ${header.version}`,
      hint: 'Use the newer gt that wrote it',
    });
  }
}

export interface JsonTarget {
  readonly path: string;
  readonly lock: 'config' | 'registry';
  /** Permission bits, default 0600. */
  readonly mode?: number;
  /** What a missing file starts from. */
  readonly initial?: JsonObject;
  readonly header?: JsonHeader;
}

/**
 * Read, change, write under the town's lock: two writers never lose each other's keys (P15). An unchanged
 * document is not written. Returns what the file holds now.
 */
export async function updateJsonFile(
  town: TownBase,
  target: JsonTarget,
  change: (doc: JsonObject) => JsonObject,
): Promise<JsonObject> {
  await using _lock = await town.ports.locks.acquire(target.lock, {
    waitMs: LOCK_WAIT_MS,
    purpose: `write ${target.path}`,
  });
  return await rewriteJsonFile(town.ports.files, target, change);
}

/** The part of `updateJsonFile` for a caller that already holds the lock. */
export async function rewriteJsonFile(
  files: Files,
  target: JsonTarget,
  change: (doc: JsonObject) => JsonObject,
): Promise<JsonObject> {
  const before = await readJsonFile(files, target.path);
  if (before !== undefined && target.header !== undefined) checkHeader(before, target.header, target.path);
  const after = change(before ?? target.initial ?? {});
  if (before === undefined || JSON.stringify(before) !== JSON.stringify(after)) {
    await files.writeAtomic(target.path, formatJson(after), { mode: target.mode ?? 0o600 });
  }
  return after;
}

export function formatJson(doc: unknown): string {
  return `${JSON.stringify(doc, null, 2)}\n`;
}

/** The value at a path of keys; undefined when a step is missing or no object. */
export function valueAt(doc: JsonObject, path: readonly string[]): unknown {
  let value: unknown = doc;
  for (const key of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A copy with the value at `path` replaced (undefined removes it); everything else is kept. */
export function withValueAt(doc: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return doc;
  const child = Object.hasOwn(doc, key) ? doc[key] : undefined;
  const next = rest.length === 0 ? value : withValueAt(isJsonObject(child) ? child : {}, rest, value);
  if (next === undefined) return Object.fromEntries(Object.entries(doc).filter(([name]) => name !== key));
  return { ...doc, [key]: next };
}
