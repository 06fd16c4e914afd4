import { join } from 'node:path';
import type { SessionName } from '../core/names.ts';
import type { Clock } from '../ports/clock.ts';
import type { Files } from '../ports/files.ts';
import { formatJson, readJsonFile } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import type { TownPaths } from './layout.ts';

export interface HeartbeatTown {
  readonly paths: Pick<TownPaths, 'heartbeatsDir'>;
  readonly ports: { readonly files: Files; readonly clock: Clock };
}

/**
 * Says that the agent of a session is alive (`.runtime/heartbeats/<session>.json`). What it said of itself (state,
 * context, bead) stays while the spawn is the same; what comes from an older spawn than the file's is dropped.
 */
export async function touchHeartbeat(
  { paths, ports }: HeartbeatTown,
  session: SessionName,
  spawn: number | undefined,
): Promise<void> {
  const path = join(paths.heartbeatsDir, `${session}.json`);
  const before = await readJsonFile(ports.files, path).catch(() => undefined);
  const last = before?.['spawn'];
  if (spawn !== undefined && typeof last === 'number' && spawn < last) return;
  const timestamp = new Date(ports.clock.now()).toISOString();
  await ports.files.writeAtomic(path, formatJson({ ...keptFrom(before, spawn), timestamp }), { mode: 0o600 });
}

function keptFrom(before: JsonObject | undefined, spawn: number | undefined): JsonObject {
  const fresh = { state: 'working', ...(spawn === undefined ? {} : { spawn }) };
  if (before === undefined || (spawn !== undefined && before['spawn'] !== spawn)) return fresh;
  return { ...fresh, ...before };
}
