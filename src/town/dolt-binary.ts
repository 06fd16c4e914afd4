import { join } from 'node:path';
import type { Processes } from '../ports/processes.ts';

/** The dolt program: on PATH, else where `go install` puts it; undefined when it is in neither place. */
export async function findDolt(
  processes: Pick<Processes, 'which'>,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const onPath = await processes.which('dolt', env['PATH'] ?? '');
  const home = env['HOME'] ?? '';
  if (onPath !== undefined || home === '') return onPath;
  return processes.which('dolt', join(home, 'go/bin'));
}
