import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PaneState } from '../ports/panes.ts';

/**
 * Replaces the state file at once and synchronously: the last write of a host is the agent's exit status, and nothing
 * may come after it. A host that was replaced meanwhile keeps silent.
 */
export function writeState(path: string, state: PaneState): void {
  if (spawnInFile(path) > state.spawn) return;
  replaceFile(path, `${JSON.stringify(state)}\n`);
}

/** Temp file, fsync, rename; mode 0600. */
export function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
}

function spawnInFile(path: string): number {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const spawn = typeof value === 'object' && value !== null && 'spawn' in value ? value.spawn : 0;
    return typeof spawn === 'number' ? spawn : 0;
  } catch {
    // Absent or damaged: ours is the better one.
    return 0;
  }
}
