import { ExternalError } from '../../src/core/errors.ts';
import type { SessionName } from '../../src/core/names.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Processes } from '../../src/ports/processes.ts';
import { createFakePanes } from './panes.ts';
import type { FakePanes } from './panes.ts';
import type { FakeProcesses } from './processes.ts';
import { createFakeTmux } from './tmux.ts';
import type { FakeTmux } from './tmux.ts';

export interface FakeSessions {
  readonly tmux: FakeTmux;
  readonly panes: FakePanes;
  /** The process table, in which starting a pane host detached runs the fake one. */
  readonly processes: FakeProcesses;
}

/** Fake tmux, fake hosts and the process table wired together, so that `startSession` works on them. */
export function createFakeSessions(deps: {
  readonly clock: Clock;
  readonly processes: FakeProcesses;
}): FakeSessions {
  const panes = createFakePanes(deps);
  const isHost = (argv: readonly string[]): boolean => argv[0] === panes.hostArgv('x' as SessionName)[0];
  const boot = (argv: readonly string[]) => panes.boot((argv[1] ?? '') as SessionName);
  const tmux = createFakeTmux({
    ...deps,
    run: ({ argv }) => (isHost(argv) ? boot(argv) : deps.processes.spawn({ argv })),
  });
  const startDetached: Processes['startDetached'] = async (spec) => {
    if (!isHost(spec.argv)) return deps.processes.startDetached(spec);
    try {
      return boot(spec.argv);
    } catch (error) {
      throw new ExternalError({
        code: 'process.not-started',
        message: 'cannot start the host',
        cause: error,
      });
    }
  };
  return { tmux, panes, processes: { ...deps.processes, startDetached } };
}
