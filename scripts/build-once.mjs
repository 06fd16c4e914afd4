// For builds that several programs ask for at once (tests, people): one builds, the others wait and find it done.
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const root = resolve(import.meta.dirname, '..');
const PARTS = ['src', 'scripts', 'templates', 'formulas', 'package.json', 'package-lock.json'];

/**
 * Waits for a build of this name that is under way elsewhere, and keeps others waiting until this process ends.
 * Returns false with `--if-stale` when nothing that goes into `output` was changed since it was made.
 */
export function mustBuild(name, output) {
  mkdirSync(join(root, '.cache'), { recursive: true });
  // The kernel frees it, however the process ends.
  lock = new DatabaseSync(join(root, `.cache/${name}.lock`), { timeout: 600_000 });
  lock.exec('BEGIN EXCLUSIVE');
  return !process.argv.includes('--if-stale') || !isFresh(output);
}

let lock;

function isFresh(output) {
  if (!existsSync(output)) return false;
  const files = PARTS.flatMap((part) => (statSync(join(root, part)).isFile() ? [part] : filesBelow(part)));
  return statSync(output).mtimeMs > Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
}

/** Relative to the project. */
export function filesBelow(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
