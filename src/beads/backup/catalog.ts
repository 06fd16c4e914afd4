import { join } from 'node:path';
import * as z from 'zod/mini';
import { NotFoundError, UnreadableError } from '../../core/errors.ts';
import type { Files } from '../../ports/files.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import type { DatabaseDigest } from '../content/digest.ts';

/** One copy of a database: a folder, and beside it `<folder>.json` that says what must be in it. */
export interface Backup {
  /** Folder of the copy. */
  readonly place: string;
  readonly manifest: Manifest;
}

export interface Manifest {
  readonly database: string;
  readonly prefix: string;
  readonly projectId: string;
  readonly store: 'sqlite' | 'dolt';
  /** RFC 3339. */
  readonly at: string;
  readonly tables: DatabaseDigest;
}

const manifestSchema = z.object({
  database: z.string(),
  prefix: z.string(),
  project_id: z.string(),
  store: z.enum(['sqlite', 'dolt']),
  at: z.string(),
  tables: z.record(z.string(), z.object({ rows: z.number(), sha256: z.string() })),
});

/** Written last: a copy without it was never finished. */
export async function writeManifest(files: Files, { place, manifest }: Backup): Promise<void> {
  const { projectId, ...rest } = manifest;
  await files.writeAtomic(manifestFile(place), formatJson({ version: 1, ...rest, project_id: projectId }), {
    mode: 0o600,
  });
}

export function manifestFile(place: string): string {
  return `${place}.json`;
}

/** The backup in this folder. Throws NotFoundError `backup.not-found`, UnreadableError `backup.damaged`. */
export async function readBackup(files: Files, place: string): Promise<Backup> {
  const path = manifestFile(place);
  const doc = await readJsonFile(files, path);
  if (doc === undefined) {
    throw new NotFoundError({
      code: 'backup.not-found',
      message: `${place} is no finished backup: there is no ${path}`,
      hint: 'Run: bd backup list',
    });
  }
  const parsed = manifestSchema.safeParse(doc);
  if (!parsed.success) {
    throw new UnreadableError({
      code: 'backup.damaged',
      message: `${path} does not say what the backup holds`,
      hint: 'Choose another backup: bd backup list',
    });
  }
  const { project_id: projectId, ...manifest } = parsed.data;
  return { place, manifest: { ...manifest, projectId } };
}

/** Finished backups of a database below a destination, newest first; one whose record is damaged is left out. */
export async function listBackups(
  files: Files,
  destination: string,
  database: string,
): Promise<readonly Backup[]> {
  const dir = join(destination, database);
  const names = ((await files.list(dir)) ?? []).filter(({ kind }) => kind === 'dir').map(({ name }) => name);
  const found: Backup[] = [];
  for (const name of names) {
    const place = join(dir, name);
    try {
      found.push(await readBackup(files, place));
    } catch (error) {
      // Not finished, or damaged: neither counts, and neither may stop the others from being found.
      if (!(error instanceof NotFoundError || error instanceof UnreadableError)) throw error;
    }
  }
  return found.toSorted((left, right) => (left.manifest.at < right.manifest.at ? 1 : -1));
}
