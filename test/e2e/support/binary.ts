import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The single executable, built when it is older than what goes into it. */
export function builtBinary(): string {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-binary.mjs'), '--if-stale'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(ROOT, `dist/gt-${process.platform}-${process.arch}`);
}
