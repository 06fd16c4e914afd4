import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { createClock } from '../adapters/clock.ts';
import { readRequest } from '../adapters/ipc.ts';
import { dial } from '../adapters/ipc/dial.ts';
import { listenOn } from '../adapters/ipc/listen.ts';
import type { Listener } from '../adapters/ipc/listen.ts';
import type { PaneFiles } from '../adapters/panes/files.ts';
import { createProcesses } from '../adapters/processes.ts';
import { RefusedError, messageOf } from '../core/errors.ts';
import { endOf } from '../core/process-end.ts';
import { sessionMark } from '../core/session-mark.ts';
import { oneLine } from '../core/text.ts';
import type { SessionName } from '../core/names.ts';
import type { PaneStart, PaneState } from '../ports/panes.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { Audience } from './audience.ts';
import type { ExitStatus } from './child.ts';
import { Courier } from './courier.ts';
import type { NudgeSource } from './courier.ts';
import { exitCodeOf } from './exit-code.ts';
import { Life, rfc3339 } from './life.ts';
import { answerRequest, line } from './operations.ts';
import type { HostControl } from './operations.ts';
import { farewell, openOuter } from './outer.ts';
import type { Outer } from './outer.ts';
import type { Size } from './screen.ts';
import { readStart, whyNotStartable } from './start-file.ts';
import { replaceFile, writeState } from './state-file.ts';

export interface HostOptions {
  readonly session: SessionName;
  readonly files: PaneFiles;
  /** Where the last screen of an ended agent is left. */
  readonly lastScreen: string;
  readonly recordings: string;
  readonly daemonSocket: string;
  /** XDG_RUNTIME_DIR. */
  readonly runtimeDir: string | undefined;
  readonly nudges: NudgeSource | undefined;
}

/** Without a terminal in front. */
const DETACHED_SIZE: Size = { columns: 200, rows: 50 };
/** The host that is being replaced may need this long to let go of the socket. */
const TAKE_OVER_MS = 6000;
const TELL_DAEMON_MS = 500;
/** For what is still to be written when the agent has ended. */
const FLUSH_MS = 500;
/** How stale `lastOutput` of the state file may be. */
const TOUCH_MS = 5000;
const LAST_SCREEN_ROWS = 200;
/** A program that cannot be started ends as in a shell. */
const NOT_STARTED = 127;

/** Runs one agent in this process's terminal, or without any. Resolves with the code to exit with. */
export async function runPaneHost(options: HostOptions): Promise<number> {
  const start = readStart(options.files.start, options.session);
  const host = new PaneHost(options, await createProcesses().self());
  await host.listen();
  return host.run(start);
}

class PaneHost {
  readonly #options: HostOptions;
  readonly #self: ProcessIdentity;
  readonly #clock = createClock();
  readonly #processes = createProcesses();
  readonly #audience = new Audience();
  readonly #outer: Outer | undefined = openOuter();
  readonly #courier: Courier | undefined;
  readonly #ended = Promise.withResolvers<number>();
  #listener: Listener | undefined;
  #life: Life | undefined;
  #next: PaneStart | undefined;
  #touch: NodeJS.Timeout | undefined;

  constructor(options: HostOptions, self: ProcessIdentity) {
    this.#options = options;
    this.#self = self;
    this.#courier = options.nudges === undefined ? undefined : new Courier(options.nudges);
  }

  /** RefusedError `ipc.in-use` when another host keeps the session. */
  async listen(): Promise<void> {
    const { files, runtimeDir } = this.#options;
    const onConnection = (socket: Socket): void =>
      readRequest(socket, (message, rest) => this.#answer(message, socket, rest));
    const until = this.#clock.monotonic() + TAKE_OVER_MS;
    while (this.#listener === undefined) {
      try {
        this.#listener = await listenOn({ path: files.socket, runtimeDir, onConnection });
      } catch (error) {
        if (!(error instanceof RefusedError) || this.#clock.monotonic() > until) throw error;
        await this.#clock.sleep(100);
      }
    }
  }

  run(start: PaneStart): Promise<number> {
    this.#outer?.onInput((bytes) => this.#life?.agent.input(bytes));
    this.#outer?.onResize((size) => this.#life?.agent.resize(size));
    this.#outer?.onClose(() => this.#stop('the terminal was closed', 'hang-up'));
    process.on('SIGHUP', () => this.#stop('the terminal was closed', 'hang-up'));
    process.on('SIGTERM', () => this.#stop('the host was told to end', 'terminate'));
    process.on('SIGINT', () => this.#stop('the host was told to end', 'terminate'));
    void this.#begin(start);
    return this.#ended.promise;
  }

  async #begin(start: PaneStart): Promise<void> {
    const why = whyNotStartable(start);
    if (why !== undefined) return this.#refuse(start, why);
    const life = new Life({
      start,
      size: this.#outer?.size() ?? DETACHED_SIZE,
      clock: this.#clock,
      processes: this.#processes,
      recordings: this.#options.recordings,
      mark: sessionMark(dirname(this.#options.files.start), start),
      events: {
        onOutput: (bytes) => this.#show(bytes),
        terminalLoad: () => this.#outer?.pending() ?? 0,
        hasTerminal: () => this.#outer !== undefined || this.#audience.attached,
        onChange: () => this.#publish(),
        onEnd: (status) => void this.#end(life, status),
      },
    });
    this.#life = life;
    this.#courier?.serve(life.agent, life.injector);
    await life.begin();
  }

  /** Also an agent that never ran leaves a state that says why. */
  async #refuse(start: PaneStart, why: string): Promise<void> {
    const now = rfc3339(this.#clock.now());
    writeState(this.#options.files.state, {
      session: start.session,
      spawn: start.spawn,
      host: this.#self,
      state: 'exited',
      since: now,
      started: now,
      attached: false,
      runtime: start.runtime,
      wasReady: false,
      reason: `not started: ${why}`,
      exit: { code: NOT_STARTED, signal: null },
    });
    await this.#close(NOT_STARTED, `was not started: ${why}`);
  }

  #state(life: Life): PaneState {
    return life.state(this.#self, this.#audience.attached);
  }

  /** Runs on every change of state: file first, then whoever listens. */
  #publish(): void {
    const life = this.#life;
    // An exit has one write, by #end, together with its status.
    if (life === undefined || life.agent.watch.phase === 'exited') return;
    clearTimeout(this.#touch);
    this.#touch = undefined;
    const state = this.#state(life);
    this.#write(state);
    this.#audience.tell(state);
    this.#courier?.look();
  }

  /** A full disk must not end the agent: the next change tries again. */
  #write(state: PaneState): void {
    try {
      writeState(this.#options.files.state, state);
    } catch (error) {
      process.stderr.write(`gt: cannot write the state: ${messageOf(error)}\r\n`);
    }
  }

  #show(bytes: Uint8Array): void {
    this.#outer?.write(bytes);
    this.#audience.show(bytes);
    this.#touch ??= setTimeout(() => this.#publish(), TOUCH_MS).unref();
  }

  #stop(reason: string, how: 'hang-up' | 'terminate'): void {
    this.#next = undefined;
    void this.#life?.stop(reason, how);
  }

  async #end(life: Life, status: ExitStatus): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    if (next !== undefined) {
      await life.clear();
      return this.#begin(next);
    }
    clearTimeout(this.#touch);
    const state = this.#state(life);
    this.#keepLastScreen(life);
    this.#write(state);
    this.#audience.tell(state);
    // Its end is told at once; this process lives until nothing of the agent does.
    await life.clear();
    await Promise.race([life.agent.closed, this.#clock.sleep(FLUSH_MS)]);
    await this.#close(exitCodeOf(status), `has ended: ${endOf(state) ?? 'by itself'}`);
  }

  #keepLastScreen({ agent }: Life): void {
    try {
      replaceFile(this.#options.lastScreen, `${agent.screen.tail(LAST_SCREEN_ROWS)}\n`);
    } catch {
      // A convenience for peek; the state file matters.
    }
  }

  /** @param how what became of the session, as its terminal shows it */
  async #close(code: number, how: string): Promise<void> {
    this.#courier?.close();
    await this.#listener?.close();
    await this.#tellDaemon();
    const outer = this.#outer;
    outer?.write(farewell(oneLine(`gt: ${this.#options.session} ${how}`), outer.size()));
    await this.#outer?.flush(FLUSH_MS);
    this.#ended.resolve(code);
  }

  /** Best effort: a daemon that does not run finds the state at its next start. */
  async #tellDaemon(): Promise<void> {
    try {
      const message = { op: 'wake', reason: 'session-end', session: this.#options.session };
      (await dial(this.#options.daemonSocket, message, TELL_DAEMON_MS)).socket.destroy();
    } catch {
      // Nobody listens.
    }
  }

  async #answer(message: unknown, socket: Socket, rest: Uint8Array): Promise<void> {
    const life = this.#life;
    if (life === undefined)
      throw new RefusedError({ code: 'pane.starting', message: 'the agent is not started yet' });
    const control: HostControl = {
      life,
      state: () => this.#state(life),
      stop: (reason) => this.#stop(reason, 'terminate'),
      restart: (spawn) => this.#restart(life, spawn),
      resize: (size) => this.#resize(life, size),
      attach: (to, size, keys) => this.#attach(life, to, { size, keys }),
      subscribe: (to) => this.#audience.subscribe(to),
    };
    await answerRequest(control, message, socket, rest);
  }

  #restart(life: Life, spawn: number): string | undefined {
    const start = readStart(this.#options.files.start, this.#options.session);
    if (start.spawn !== spawn) return `start.json is of start ${start.spawn}`;
    this.#next = start;
    void life.stop('restart', 'terminate');
    return undefined;
  }

  #resize({ agent }: Life, size: Size): void {
    if (this.#outer === undefined) agent.resize(size);
  }

  #attach(
    life: Life,
    socket: Socket,
    { size, keys }: { readonly size: Size; readonly keys: Uint8Array },
  ): string | undefined {
    if (this.#outer !== undefined) return 'it runs in tmux: attach there';
    const { agent } = life;
    socket.write(line({ ok: true }));
    this.#audience.attach(
      socket,
      (bytes) => this.#life?.agent.input(bytes),
      () => this.#publish(),
    );
    // The change of size makes a full-screen agent draw itself anew, in its own colours.
    agent.resize({ ...size, rows: Math.max(1, size.rows - 1) });
    agent.resize(size);
    this.#audience.show(agent.screen.redraw());
    if (keys.length > 0) agent.input(keys);
    this.#publish();
    return undefined;
  }
}
