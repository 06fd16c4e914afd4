import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Files } from '../ports/files.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { formatJson, parseJsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

/** daemon/dolt-state.json, as the Go gt reads it, with the process's start mark added. */
export interface DoltRecord {
  readonly running: boolean;
  readonly pid: number;
  /** Start mark of the process; '' when the file is of the Go gt. */
  readonly start: string;
  readonly port: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly dataDir: string;
  readonly databases: readonly string[];
}

const schema = z.object({
  running: z.boolean(),
  pid: z.number(),
  start: z.optional(z.string()),
  port: z.number(),
  started_at: z.optional(z.string()),
  data_dir: z.optional(z.string()),
  databases: z.optional(z.nullable(z.array(z.string()))),
});

type RecordPaths = Pick<TownPaths, 'daemonDir'>;

/** A missing or damaged record is no evidence, and none is needed: the server itself is asked. */
export async function readDoltRecord(files: Files, paths: RecordPaths): Promise<DoltRecord | undefined> {
  const path = stateFile(paths);
  const text = await files.readText(path);
  if (text === undefined) return undefined;
  const parsed = schema.safeParse(parseOrEmpty(text, path));
  if (!parsed.success) return undefined;
  const { running, pid, start, port, started_at, data_dir, databases } = parsed.data;
  return {
    running,
    pid,
    start: start ?? '',
    port,
    startedAt: started_at ?? '',
    dataDir: data_dir ?? '',
    databases: databases ?? [],
  };
}

/** Writes the state file and, for people and old scripts, the plain pid file. */
export async function writeDoltRecord(files: Files, paths: RecordPaths, record: DoltRecord): Promise<void> {
  const { startedAt, dataDir, ...rest } = record;
  const state = { ...rest, started_at: startedAt, data_dir: dataDir };
  await files.writeAtomic(stateFile(paths), formatJson(state), { mode: 0o600 });
  await files.writeAtomic(pidFile(paths), `${record.pid}\n`, { mode: 0o600 });
}

/** After an orderly stop: nothing runs, and nobody must take the old pid for the server's. */
export async function markDoltStopped(files: Files, paths: RecordPaths): Promise<void> {
  const record = await readDoltRecord(files, paths);
  await files.remove(pidFile(paths));
  if (record === undefined) return;
  const { startedAt, dataDir, ...rest } = record;
  const state = { ...rest, running: false, started_at: startedAt, data_dir: dataDir };
  await files.writeAtomic(stateFile(paths), formatJson(state), { mode: 0o600 });
}

/** The process the record speaks of, when it says which one exactly. */
export function recordedProcess(record: DoltRecord | undefined): ProcessIdentity | undefined {
  if (record === undefined || !record.running || record.pid <= 0 || record.start === '') return undefined;
  return { pid: record.pid, start: record.start };
}

function stateFile(paths: RecordPaths): string {
  return join(paths.daemonDir, 'dolt-state.json');
}

function pidFile(paths: RecordPaths): string {
  return join(paths.daemonDir, 'dolt.pid');
}

function parseOrEmpty(text: string, path: string): unknown {
  try {
    return parseJsonObject(text, path);
  } catch {
    return {};
  }
}
