import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { createClock } from '../../src/adapters/clock.ts';
import { createDoltProbe } from '../../src/adapters/dolt/probe.ts';
import { createFiles } from '../../src/adapters/files.ts';
import { createLocks } from '../../src/adapters/locks.ts';
import { createLog } from '../../src/adapters/log.ts';
import { createProcesses } from '../../src/adapters/processes.ts';
import { RefusedError } from '../../src/core/errors.ts';
import { startDolt, stopDolt } from '../../src/town/dolt-server.ts';
import type { DoltServer, DoltTown } from '../../src/town/dolt-server.ts';
import { townPaths } from '../../src/town/layout.ts';

/** The folder of the dolt program, or undefined when there is none. */
export const doltFolder = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  join(process.env['HOME'] ?? '', 'go/bin'),
].find((folder) => folder !== '' && existsSync(join(folder, 'dolt')));

/** A suite that needs a real Dolt: a visible skip without it, a failure where tools are required. */
export function describeWithDolt(title: string, suite: () => void): void {
  const isRequired = process.env['GT_REQUIRE_TOOLS'] === '1';
  describe.skipIf(doltFolder === undefined && !isRequired)(title, suite);
}

/** A town's root in a temp folder with its own port, home and server. */
export interface TestTown extends DoltTown {
  readonly root: string;
  readonly port: number;
  readonly storeOptions: TestStoreOptions;
  /** Stops the server if it is ours and removes the folder. */
  dispose(): Promise<void>;
}

export interface TestStoreOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface TestTownOptions {
  readonly port?: number;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export async function createTestTown(options: TestTownOptions = {}): Promise<TestTown> {
  const root = mkdtempSync(join(tmpdir(), 'gt-dolt-'));
  const port = options.port ?? (await freePort());
  const paths = townPaths(root);
  const clock = createClock();
  const processes = createProcesses();
  const access = { user: 'root', password: '' };
  const town: DoltTown = {
    paths,
    env: {
      PATH: [doltFolder ?? '', '/usr/bin', '/bin'].join(delimiter),
      HOME: root,
      GT_TEST: '1',
      // One server of the tests holds more databases than a town would.
      GOMEMLIMIT: '2GiB',
      GT_DOLT_PORT: String(port),
      GT_TEST_RUN: process.env['GT_TEST_RUN'] ?? '',
      ...options.env,
    },
    ports: {
      files: createFiles(),
      locks: createLocks({ dir: paths.locksDir, clock, processes }),
      clock,
      log: createLog({ level: 'silent' }),
      processes,
      doltProbe: createDoltProbe(access),
    },
  };
  return {
    ...town,
    root,
    port,
    storeOptions: { host: '127.0.0.1', port, ...access },
    async dispose() {
      try {
        await stopDolt(town);
      } catch (error) {
        // Another's server on the port is for its own town to stop.
        if (!(error instanceof RefusedError && error.code === 'dolt.squatter')) throw error;
      } finally {
        rmSync(root, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

/** A town whose server runs. */
export async function startTestTown(
  options: TestTownOptions = {},
): Promise<TestTown & { readonly server: DoltServer }> {
  const town = await createTestTown(options);
  try {
    return { ...town, server: await startDolt(town) };
  } catch (error) {
    await town.dispose();
    throw error;
  }
}

/** Ends a server without a chance to write anything, and waits until it is gone. */
export async function killHard(town: DoltTown, server: DoltServer): Promise<void> {
  if (server.process === undefined) throw new Error('the server is not on this machine');
  await town.ports.processes.signal(server.process, 'KILL');
  while (await town.ports.processes.isAlive(server.process)) await town.ports.clock.sleep(5);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
