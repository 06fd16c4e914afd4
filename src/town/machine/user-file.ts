import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as z from 'zod/mini';
import type { Files } from '../../ports/files.ts';
import { formatJson, readJsonFile } from '../json-file.ts';
import { stripPart, type UserFileKind } from './strip.ts';

/** A file of the user's home that gt wrote into: what it was, so that it can be that again (P29). */
const recordSchema = z.object({
  path: z.string(),
  kind: z.enum(['own', 'block', 'trust']),
  /** null = it was not there. */
  original: z.nullable(z.string()),
  mode: z.number(),
  /** SHA-256 of what gt wrote last: as long as the file is that, nobody else changed it. */
  written: z.string(),
  /** Folders made for it, the innermost first. */
  folders: z.array(z.string()),
  /** `trust`: the folders that were entered. */
  parts: z.array(z.string()),
});
export type UserFileRecord = z.infer<typeof recordSchema>;

export interface UserFileChange {
  readonly path: string;
  readonly kind: UserFileKind;
  readonly content: string;
  /** Of a new file; an existing one keeps its own. */
  readonly mode: number;
  readonly parts?: readonly string[];
}

/** Where it is done: the port and the folder of the records. */
export interface UserFiles {
  readonly files: Files;
  readonly recordsDir: string;
}

/** Writes into a file of the user after noting what it was. A link stays a link: what it leads to is written. */
export async function writeUserFile(place: UserFiles, change: UserFileChange): Promise<'same' | 'written'> {
  const { files } = place;
  const path = (await files.realPath(change.path)) ?? change.path;
  const [before, stat, known] = [
    await files.readText(path),
    await files.stat(path),
    await readRecord(place, path),
  ];
  if (before === change.content) return 'same';
  const isOurs = known !== undefined && before !== undefined && sha256(before) === known.written;
  const original = isOurs
    ? known.original
    : before === undefined
      ? null
      : stripPart(before, known ?? { kind: change.kind });
  const parts = [...new Set([...(known?.parts ?? []), ...(change.parts ?? [])])];
  const record: UserFileRecord = {
    path,
    kind: change.kind,
    original,
    mode: stat?.mode ?? change.mode,
    written: sha256(change.content),
    folders: [...(await missingFolders(files, path)), ...(known?.folders ?? [])],
    parts,
  };
  await prepareStateDir(files, dirname(place.recordsDir));
  await files.writeAtomic(recordFile(place, path), formatJson(record), { mode: 0o600 });
  await files.writeAtomic(path, change.content, { mode: record.mode });
  return 'written';
}

/** All files that gt has written into. One that cannot be read is left out: nothing is undone by guessing. */
export async function listUserFiles({ files, recordsDir }: UserFiles): Promise<readonly UserFileRecord[]> {
  const entries = (await files.list(recordsDir)) ?? [];
  const docs = await Promise.all(entries.map(({ name }) => readJsonFile(files, join(recordsDir, name))));
  return docs.flatMap((doc) => {
    const parsed = recordSchema.safeParse(doc);
    return parsed.success ? [parsed.data] : [];
  });
}

export type Restored = 'restored' | 'removed' | 'part-removed' | 'kept-edited' | 'gone';

/**
 * Makes the file what it was, byte for byte; where somebody else changed it since, only gt's part goes. A file of gt's
 * own that was edited stays.
 */
export async function restoreUserFile(place: UserFiles, record: UserFileRecord): Promise<Restored> {
  const { files } = place;
  const now = await files.readText(record.path);
  const outcome = await restore(files, record, now);
  for (const folder of record.folders) {
    if ((await files.list(folder))?.length === 0) await files.remove(folder);
  }
  await files.remove(recordFile(place, record.path));
  return outcome;
}

async function restore(files: Files, record: UserFileRecord, now: string | undefined): Promise<Restored> {
  const { path, original, mode, kind } = record;
  if (now === undefined) return 'gone';
  const untouched = sha256(now) === record.written;
  if (!untouched && kind === 'own') return 'kept-edited';
  const wanted = untouched ? original : stripPart(now, record);
  if (wanted === null || (wanted === '' && original === null)) {
    await files.remove(path);
    return 'removed';
  }
  const stat = await files.stat(path);
  if (wanted !== now) await files.writeAtomic(path, wanted, { mode: stat?.mode ?? mode });
  return untouched ? 'restored' : 'part-removed';
}

/** Makes the folder of gt's own state, and notes which folders that took: they go with it. */
export async function prepareStateDir(files: Files, dir: string): Promise<void> {
  if ((await files.stat(dir)) !== undefined) return;
  const folders = [dir, ...(await missingFolders(files, dir))];
  await files.makeDir(dir, { mode: 0o700 });
  await files.writeAtomic(join(dir, 'folders.json'), formatJson({ folders }), { mode: 0o600 });
}

/** Parents that are not there, the innermost first. */
async function missingFolders(files: Files, path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    if ((await files.stat(folder)) !== undefined) break;
    missing.push(folder);
  }
  return missing;
}

async function readRecord(place: UserFiles, path: string): Promise<UserFileRecord | undefined> {
  const parsed = recordSchema.safeParse(await readJsonFile(place.files, recordFile(place, path)));
  return parsed.success ? parsed.data : undefined;
}

function recordFile({ recordsDir }: UserFiles, path: string): string {
  return join(recordsDir, `${sha256(path).slice(0, 16)}.json`);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
