import { join } from 'node:path';
import type { MachinePorts } from '../ports/index.ts';
import type { RunResult, Processes } from '../ports/processes.ts';

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

const VERSION_MS = 10_000;
/** Asked for its version, dolt looks on the network for a newer one and writes to the person's home. */
const QUIET = JSON.stringify({ 'versioncheck.disabled': 'true', 'metrics.disabled': 'true' });

/** What `dolt version` says, with a home of its own for as long as it runs. */
export async function askDoltVersion(
  { processes, files, random }: Pick<MachinePorts, 'processes' | 'files' | 'random'>,
  env: Readonly<Record<string, string>>,
  path: string,
): Promise<RunResult> {
  const home = join(env['TMPDIR'] ?? '/tmp', `gt-dolt-${random.uuid()}`);
  try {
    await files.makeDir(join(home, '.dolt'), { mode: 0o700 });
    await files.writeAtomic(join(home, '.dolt/config_global.json'), QUIET);
    return await processes.run({
      argv: [path, 'version'],
      env: { ...env, DOLT_ROOT_PATH: home, DOLT_DISABLE_EVENT_FLUSH: 'true' },
      timeoutMs: VERSION_MS,
      leftovers: 'kill',
    });
  } finally {
    await files.remove(home);
  }
}
