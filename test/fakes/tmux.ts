import { ExternalError, UnreadableError } from '../../src/core/errors.ts';
import type { SessionName } from '../../src/core/names.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import type { Tmux, TmuxStart } from '../../src/ports/tmux.ts';
import type { SessionLook, TmuxMenu } from '../../src/ports/tmux-ui.ts';
import { newSessionArgv } from '../../src/adapters/tmux/argv.ts';
import type { FakeProcesses } from './processes.ts';

export interface FakeTmux extends Tmux {
  /** undefined = not installed. */
  setVersion(version: string | undefined): void;
  /** From now on (until undefined) nobody can look. */
  breakWith(why: string | undefined): void;
  /** A person's own session on the town's server. */
  addForeign(name: string): void;
  /** `kill-server`: everything in it loses its terminal. */
  killServer(): void;
  readonly attached: readonly SessionName[];
  readonly starts: readonly TmuxStart[];
  /** Where clients were sent. */
  readonly shown: readonly { readonly session: SessionName; readonly client: string | undefined }[];
  readonly menus: readonly TmuxMenu[];
  readonly dressed: ReadonlyMap<SessionName, SessionLook>;
}

export interface FakeTmuxOptions {
  readonly clock: Clock;
  readonly processes: FakeProcesses;
  /** What runs in the pane; without it a plain process of that argv. */
  readonly run?: (spec: TmuxStart) => ProcessIdentity;
}

interface Row {
  readonly created: number;
  pane: ProcessIdentity;
  readonly foreign: boolean;
}

/** tmux in memory: panes stay when their process has ended, as with remain-on-exit. */
export function createFakeTmux({ clock, processes, run }: FakeTmuxOptions): FakeTmux {
  const rows = new Map<string, Row>();
  const attached: SessionName[] = [];
  const starts: TmuxStart[] = [];
  const shown: { readonly session: SessionName; readonly client: string | undefined }[] = [];
  const menus: TmuxMenu[] = [];
  const dressed = new Map<SessionName, SessionLook>();
  let version: string | undefined = '3.3a';
  let broken: string | undefined;
  const readable = (): void => {
    if (broken !== undefined)
      throw new UnreadableError({ code: 'tmux.unreadable', message: `cannot ask tmux: ${broken}` });
  };
  const end = async (row: Row): Promise<void> => void (await processes.signal(row.pane, 'HUP'));
  return {
    socket: 'fake-town-000000',
    attached,
    starts,
    setVersion: (to) => (version = to),
    breakWith: (why) => (broken = why),
    addForeign: (name) =>
      void rows.set(name, { created: clock.now(), pane: processes.spawn({ argv: ['bash'] }), foreign: true }),
    killServer: () => {
      for (const row of rows.values()) void end(row);
      rows.clear();
    },
    version: async () => version,
    sessions: async () => {
      readable();
      const listed = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      return Promise.all(
        listed.map(async ([name, { created, pane }]) => ({
          name: name as SessionName,
          created,
          attached: 0,
          windows: 1,
          paneDead: !(await processes.isAlive(pane)),
          panePid: pane.pid,
        })),
      );
    },
    start: async (spec) => {
      readable();
      // Throws for what tmux would refuse.
      newSessionArgv(spec);
      starts.push(spec);
      dressed.set(spec.session, spec.look);
      const before = rows.get(spec.session);
      if (before !== undefined) await end(before);
      const pane = run?.(spec) ?? processes.spawn({ argv: spec.argv });
      rows.set(spec.session, { created: before?.created ?? clock.now(), pane, foreign: false });
    },
    kill: async (session) => {
      readable();
      const row = rows.get(session);
      if (row === undefined || row.foreign) return;
      await end(row);
      rows.delete(session);
    },
    stopServer: async () => readable(),
    attach: async (session) => void attached.push(session),
    socketPath: async () => (rows.size === 0 ? undefined : '/tmp/tmux/fake-town-000000'),
    ui: {
      dress: async (session, look) => void (rows.has(session) && dressed.set(session, look)),
      show: async (session, client) => {
        if (!rows.has(session))
          throw new ExternalError({ code: 'tmux.failed', message: `can't find session: ${session}` });
        shown.push({ session, client });
      },
      menu: async (menu) => void menus.push(menu),
      rows: async () => 40,
      window: async (session, { name }) => void shown.push({ session, client: name }),
    },
    shown,
    menus,
    dressed,
  };
}
