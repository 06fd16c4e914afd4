import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod/mini';
import { UnavailableError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldLock, LockHolder, LockName, LockOptions, Locks } from '../ports/locks.ts';
import type { Processes } from '../ports/processes.ts';
import { writing } from './file-errors.ts';
import { tryLockFile, type LockedFile } from './lock-file.ts';

const FIRST_WAIT_MS = 4;
const LONGEST_WAIT_MS = 50;
/** Longer than looking at a lock or signing it takes. */
const PROBE_MS = 100;

export interface LockDeps {
  /** Folder of the lock files (`T/.runtime/locks`). */
  readonly dir: string;
  readonly clock: Clock;
  readonly processes: Pick<Processes, 'self' | 'isAlive'>;
}

const HolderFile = z.object({
  pid: z.number(),
  start: z.string(),
  host: z.string(),
  command: z.string(),
  since: z.string(),
});
type HolderFile = z.infer<typeof HolderFile>;

/** Locks of one machine: an exclusive SQLite transaction per name, which the kernel ends with its holder. */
export function createLocks(deps: LockDeps): Locks {
  return {
    acquire: (name, options) => acquire(deps, name, options),
    holder: async (name) => {
      const free = await tryLock(deps, name);
      if (free !== undefined) {
        free.unlock();
        return undefined;
      }
      return (await readHolder(deps, name)) ?? UNKNOWN_HOLDER;
    },
  };
}

async function acquire(deps: LockDeps, name: LockName, options: LockOptions): Promise<HeldLock> {
  const { clock } = deps;
  let end = clock.monotonic() + options.waitMs;
  let probed = false;
  for (let pause = FIRST_WAIT_MS; ; pause = Math.min(pause * 1.5, LONGEST_WAIT_MS)) {
    const locked = await tryLock(deps, name);
    if (locked !== undefined) return hold(deps, { name, locked, purpose: options.purpose });
    if (end - clock.monotonic() <= 0) {
      const holder = await readHolder(deps, name);
      if (holder !== undefined || probed) throw heldError(name, holder);
      // Nobody signed: most likely somebody's `holder()`, which has the lock for a moment. Not a reason to fail.
      probed = true;
      end = clock.monotonic() + PROBE_MS;
    }
    await clock.sleep(pause * (0.5 + Math.random()));
  }
}

async function tryLock(deps: LockDeps, name: LockName): Promise<LockedFile | undefined> {
  await writing(deps.dir, () => mkdir(deps.dir, { recursive: true, mode: 0o700 }));
  return tryLockFile(pathOf(deps, name, 'lock'));
}

interface Claim {
  readonly name: LockName;
  readonly locked: LockedFile;
  readonly purpose: string;
}

async function hold(deps: LockDeps, { name, locked, purpose }: Claim): Promise<HeldLock> {
  try {
    await writeHolder(deps, name, purpose);
  } catch (error) {
    locked.unlock();
    throw error;
  }
  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    try {
      await rm(pathOf(deps, name, 'holder'), { force: true });
    } finally {
      locked.unlock();
    }
  };
  return { name, release, [Symbol.asyncDispose]: release };
}

async function writeHolder(deps: LockDeps, name: LockName, purpose: string): Promise<void> {
  const self = await deps.processes.self();
  const since = new Date(deps.clock.now()).toISOString();
  const holder: HolderFile = { ...self, host: hostname(), command: purpose, since };
  const path = pathOf(deps, name, 'holder');
  await writing(path, async () => {
    await writeFile(`${path}.tmp`, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
    await rename(`${path}.tmp`, path);
  });
}

const UNKNOWN_HOLDER: LockHolder = { pid: 0, host: '', purpose: 'unknown', since: '' };

/** Undefined when the note is missing or of a process that has ended: the new holder has not written its own yet. */
async function readHolder(deps: LockDeps, name: LockName): Promise<LockHolder | undefined> {
  let note: HolderFile;
  try {
    note = HolderFile.parse(JSON.parse(await readFile(pathOf(deps, name, 'holder'), 'utf8')));
  } catch {
    return undefined;
  }
  if (note.host === hostname() && !(await deps.processes.isAlive(note))) return undefined;
  return { pid: note.pid, host: note.host, purpose: note.command, since: note.since };
}

function heldError(name: LockName, holder: LockHolder | undefined): UnavailableError {
  const who =
    holder === undefined
      ? 'another process'
      : `'${holder.purpose}' (pid ${holder.pid} on ${holder.host}, since ${holder.since})`;
  return new UnavailableError({
    code: 'lock.held',
    message: `lock ${name} is held by ${who}`,
    hint: 'Wait for it to end, then run the command again',
  });
}

function pathOf(deps: LockDeps, name: LockName, kind: 'lock' | 'holder'): string {
  // Names hold rig and session names, which have no slash; a hostile one must not leave the folder.
  return join(deps.dir, `${name.replaceAll('/', '_')}.${kind}`);
}
