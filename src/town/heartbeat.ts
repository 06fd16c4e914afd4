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

export interface Heartbeat {
  readonly spawn: number | undefined;
  /** What the agent says of itself; default: what it said last. */
  readonly state?: 'working' | 'idle' | 'exiting' | 'stuck';
}

/**
 * Says that the agent of a session is alive (`.runtime/heartbeats/<session>.json`). What it said of itself (state,
 * context, bead) stays while the spawn is the same; an older spawn says nothing about this one.
 */
export async function touchHeartbeat(
  { paths, ports }: HeartbeatTown,
  session: SessionName,
  { spawn, state }: Heartbeat,
): Promise<void> {
  const path = join(paths.heartbeatsDir, `${session}.json`);
  const before = await readJsonFile(ports.files, path).catch(() => undefined);
  const timestamp = new Date(ports.clock.now()).toISOString();
  const said = state === undefined ? {} : { state };
  const document = { ...keptFrom(before, spawn), ...said, timestamp };
  await ports.files.writeAtomic(path, formatJson(document), { mode: 0o600 });
}

function keptFrom(before: JsonObject | undefined, spawn: number | undefined): JsonObject {
  const fresh = { state: 'working', ...(spawn === undefined ? {} : { spawn }) };
  if (before === undefined || (spawn !== undefined && before['spawn'] !== spawn)) return fresh;
  return { ...fresh, ...before };
}
