import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { TownContext } from './beads/context.ts';

/**
 * Under GT_TEST=1, at a named step: GT_TEST_STOP=<step>:before|after (several with commas) ends this process by
 * SIGKILL; a file `<step>:before|after` in the folder GT_TEST_HOLD stops the first process that comes there (the
 * file is then `….held`) until that file is removed, so that something else can be killed meanwhile. Anywhere
 * else it does nothing.
 */
export function createFailpoint(
  env: Readonly<Record<string, string>>,
  stop: () => void = () => process.kill(process.pid, 'SIGKILL'),
): TownContext['failpoint'] {
  if (env['GT_TEST'] !== '1') return () => undefined;
  const stops = new Set((env['GT_TEST_STOP'] ?? '').split(',').map((stop) => stop.trim()));
  const holds = env['GT_TEST_HOLD'];
  return (step, when) => {
    const at = `${step}:${when}`;
    if (stops.has(at)) stop();
    if (holds !== undefined) hold(join(holds, at));
  };
}

const POLL_MS = 10;

function hold(file: string): void {
  try {
    renameSync(file, `${file}.held`);
  } catch {
    return; // Nobody waits for this step, or another process was here first.
  }
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (existsSync(`${file}.held`)) Atomics.wait(never, 0, 0, POLL_MS);
}
