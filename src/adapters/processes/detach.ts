import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExternalError, messageOf } from '../../core/errors.ts';
import type { DetachedSpec, ProcessIdentity } from '../../ports/processes.ts';
import type { ProcessTable } from './table.ts';

/** Starts a process in a session of its own whose output goes to a file, and lets go of it. */
export async function startDetached(spec: DetachedSpec, table: ProcessTable): Promise<ProcessIdentity> {
  const [program, ...args] = spec.argv;
  try {
    await mkdir(dirname(spec.logFile), { recursive: true });
    await using log = await open(spec.logFile, 'a', 0o600);
    const child = spawn(program, args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
    });
    // Read before the first await: afterwards the child may have ended and be reaped.
    const identity = child.pid === undefined ? undefined : table.identifyChild(child.pid);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    if (identity === undefined) throw new Error('it ended at once');
    return identity;
  } catch (error) {
    throw new ExternalError({
      code: 'process.not-started',
      message: `cannot start ${program}: ${messageOf(error)}`,
      hint: `See ${spec.logFile}`,
      cause: error,
    });
  }
}
