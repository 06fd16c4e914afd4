import type { TownContext } from '../../../src/beads/context.ts';
import { createLedgers } from '../../../src/beads/ledgers.ts';
import { OVERSEER } from '../../../src/core/address.ts';
import type { MachinePorts, TownPorts } from '../../../src/ports/index.ts';
import { makeTownLedger } from '../../../src/rig/town-ledger.ts';
import { DEFAULT_DOLT } from '../../../src/town/beads-files.ts';
import { installTown } from '../../../src/town/install.ts';
import type { InstallPlan, InstallRequest } from '../../../src/town/install-plan.ts';
import { townPaths } from '../../../src/town/layout.ts';
import { readRoutes } from '../../../src/town/routes.ts';
import { createFakeArchives } from '../../fakes/archives.ts';
import { createFakeClock, type FakeClock } from '../../fakes/clock.ts';
import { createFakeFiles, type FakeFiles } from '../../fakes/files.ts';
import { createFakeGit, type FakeGit } from '../../fakes/git.ts';
import { createFakeIpc } from '../../fakes/ipc.ts';
import { createFakeLocks, type FakeLocks } from '../../fakes/locks.ts';
import { createFakeLog } from '../../fakes/log.ts';
import type { FakePanes } from '../../fakes/panes.ts';
import { createFakeProcesses, type FakeProcesses } from '../../fakes/processes.ts';
import { createFakeRandom } from '../../fakes/random.ts';
import { createFakeSessions } from '../../fakes/sessions.ts';
import { createFakeStore } from '../../fakes/store.ts';

export const ROOT = '/town';

/** A machine on fakes, on which towns can be made. */
export interface FakeMachine {
  readonly ports: TownPorts;
  readonly clock: FakeClock;
  readonly files: FakeFiles;
  readonly git: FakeGit;
  readonly locks: FakeLocks;
  readonly panes: FakePanes;
  readonly processes: FakeProcesses;
  /** The town at ROOT as a process sees it, with some ports of its own. */
  context(ports?: Partial<TownPorts>): TownContext;
  install(request?: Partial<InstallRequest>, ports?: Partial<TownPorts>): Promise<InstallPlan>;
  close(): Promise<void>;
}

export function makeMachine(): FakeMachine {
  const clock = createFakeClock();
  const files = createFakeFiles({ clock });
  const git = createFakeGit({ files, clock });
  const sessions = createFakeSessions({ clock, processes: createFakeProcesses({ clock }) });
  sessions.processes.program('git', ({ argv }) =>
    argv.includes('merge-tree') ? { code: 129, stderr: 'usage: git merge-tree [--write-tree]' } : { code: 1 },
  );
  const locks = createFakeLocks({ clock });
  const ports: TownPorts = {
    clock,
    files,
    archives: createFakeArchives({ files }),
    git,
    locks,
    processes: sessions.processes,
    tmux: sessions.tmux,
    panes: sessions.panes,
    store: createFakeStore({ clock }),
    random: createFakeRandom(),
    log: createFakeLog(),
    ipc: createFakeIpc({ clock }),
    doltProbe: { ask: async () => ({ kind: 'silent', why: 'no Dolt here' }) },
    forge: () => Promise.reject(new Error('no forge here')),
  };
  const context = (own: Partial<TownPorts> = {}): TownContext => {
    const all = { ...ports, ...own };
    const { store, random } = all;
    const paths = townPaths(ROOT);
    return {
      root: ROOT,
      paths,
      ports: all,
      ledgers: createLedgers({ store, routes: () => readRoutes(all.files, paths), clock, random }),
      actor: OVERSEER,
      gtArgv: ['/gt/node', '/gt/main.ts'],
      env: { PATH: '/bin', HOME: '/home' },
      failpoint: () => undefined,
    };
  };
  const install = (
    request: Partial<InstallRequest> = {},
    own: Partial<TownPorts> = {},
  ): Promise<InstallPlan> => {
    const machine: MachinePorts = { ...ports, ...own };
    const makeLedger = (): Promise<void> => makeTownLedger(context(own));
    const env = { PATH: '/bin', USER: 'jo' };
    const asked = {
      root: ROOT,
      store: 'sqlite',
      force: false,
      permissions: 'skip',
      dolt: DEFAULT_DOLT,
      ...request,
    } as const;
    return clock.drive(installTown({ ports: machine, env, makeLedger, ledger: 'now' }, asked));
  };
  const close = (): Promise<void> => ports.store.close();
  return {
    ports,
    clock,
    files,
    git,
    locks,
    panes: sessions.panes,
    processes: sessions.processes,
    context,
    install,
    close,
  };
}
