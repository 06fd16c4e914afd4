import { join, relative } from 'node:path';
import type { Files } from '../ports/files.ts';
import type { StoreKind } from '../ports/store.ts';
import { formatJson, readJsonFile } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

/** Where a Dolt server listens, as `bd` reads it. */
export interface DoltEndpoint {
  readonly host: string;
  readonly port: number;
}

export const DEFAULT_DOLT: DoltEndpoint = { host: '127.0.0.1', port: 3307 };

/** What the `.beads` folder beside a ledger says of it, so that `bd` finds the same rows. */
export interface BeadsFolder {
  readonly dir: string;
  readonly database: string;
  /** Bead prefix without `-`. */
  readonly prefix: string;
  /** UUID, the same as in the database. */
  readonly projectId: string;
  readonly store: StoreKind;
  /** Needed for `dolt` only. */
  readonly dolt?: DoltEndpoint;
}

/** The `.beads` folder that describes a database: the town's for `hq`, else the rig's. */
export function beadsDirOf(paths: Pick<TownPaths, 'root' | 'beadsDir'>, database: string): string {
  return database === 'hq' ? paths.beadsDir : join(paths.root, database, '.beads');
}

/** The project id that the files name for a database; undefined = they name none (then it is not checked). */
export async function readProjectId(
  files: Files,
  paths: Pick<TownPaths, 'root' | 'beadsDir'>,
  database: string,
): Promise<string | undefined> {
  const doc = await readJsonFile(files, join(beadsDirOf(paths, database), 'metadata.json'));
  const id = doc?.['project_id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Writes metadata.json and config.yaml where they differ; keys of others in them stay. */
export async function writeBeadsFolder(files: Files, storeDir: string, folder: BeadsFolder): Promise<void> {
  await files.makeDir(folder.dir, { mode: 0o700 });
  const metadataPath = join(folder.dir, 'metadata.json');
  const before = await readJsonFile(files, metadataPath);
  const metadata = { ...withoutOther(before, folder.store), ...expectedMetadata(storeDir, folder) };
  if (JSON.stringify(before) !== JSON.stringify(metadata)) {
    await files.writeAtomic(metadataPath, formatJson(metadata), { mode: 0o600 });
  }
  const configPath = join(folder.dir, 'config.yaml');
  const text = (await files.readText(configPath)) ?? '';
  const config = configYaml(text, folder.prefix);
  if (config !== text) await files.writeAtomic(configPath, config, { mode: 0o600 });
}

/** Keys that speak of the other engine would be wrong beside this one's. */
function withoutOther(doc: JsonObject | undefined, store: StoreKind): JsonObject {
  const other = store === 'sqlite' ? 'dolt_' : 'sqlite_';
  return Object.fromEntries(Object.entries(doc ?? {}).filter(([key]) => !key.startsWith(other)));
}

/** For SQLite a backend that a foreign `bd` refuses instead of creating its own database (DESIGN §2a). */
export function expectedMetadata(storeDir: string, folder: BeadsFolder): Readonly<Record<string, unknown>> {
  const { database, projectId, dolt } = folder;
  if (folder.store === 'sqlite') {
    return {
      backend: 'gt-sqlite',
      database: 'gt-sqlite',
      sqlite_database: database,
      sqlite_path: relative(folder.dir, join(storeDir, `${database}.db`)),
      project_id: projectId,
    };
  }
  return {
    backend: 'dolt',
    database: 'dolt',
    dolt_database: database,
    dolt_mode: 'server',
    dolt_server_host: (dolt ?? DEFAULT_DOLT).host,
    dolt_server_port: (dolt ?? DEFAULT_DOLT).port,
    project_id: projectId,
  };
}

/** Top-level scalars set in YAML text; other lines (comments too) stay as they are. */
function configYaml(text: string, prefix: string): string {
  const wanted = new Map([
    ['prefix', prefix],
    ['issue-prefix', prefix],
    ['dolt.idle-timeout', '"0"'],
  ]);
  const lines = text.split('\n').map((line) => {
    const key = /^([\w.-]+):/.exec(line)?.[1];
    const value = key === undefined ? undefined : wanted.get(key);
    if (key === undefined || value === undefined) return line;
    wanted.delete(key);
    return `${key}: ${value}`;
  });
  const added = [...wanted].map(([key, value]) => `${key}: ${value}`);
  return `${[...lines.join('\n').trimEnd().split('\n'), ...added].filter((line, index) => index > 0 || line !== '').join('\n')}\n`;
}
