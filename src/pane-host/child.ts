import { constants } from 'node:os';
import { spawn } from 'node-pty';
import type { Pty } from 'node-pty';
import { withMark } from '../adapters/processes/mark.ts';
import type { PaneStart } from '../ports/panes.ts';
import type { Size } from './screen.ts';

/** How a process ended: exactly one of the two is set. */
export interface ExitStatus {
  readonly code: number | null;
  /** `SIGTERM` */
  readonly signal: string | null;
}

/** The agent's process on a pseudo-terminal of its own. */
export interface Child {
  readonly pid: number;
  write(data: Uint8Array | string): void;
  resize(size: Size): void;
  /** The agent blocks in its next write while nobody reads. */
  pause(): void;
  resume(): void;
  kill(signal: string): void;
}

export interface ChildEvents {
  onData(bytes: Uint8Array): void;
  /** After the last data. */
  onExit(status: ExitStatus): void;
}

/** Starts the agent; a missing program shows as an exit. */
export function startChild(
  { start, mark }: { readonly start: PaneStart; readonly mark: string },
  size: Size,
  events: ChildEvents,
): Child {
  const [file, ...args] = start.argv;
  const env = withMark(childEnv(start), mark);
  const pty = spawn(file, args, {
    name: env['TERM'] ?? 'xterm-256color',
    cols: size.columns,
    rows: size.rows,
    cwd: start.cwd,
    env,
    encoding: null,
  });
  pty.onData((data) => events.onData(data));
  pty.onExit(({ exitCode, signal }) => events.onExit(exitStatus(exitCode, signal)));
  return {
    pid: pty.pid,
    write: (data) => pty.write(data),
    resize: (to) => resizeQuietly(pty, to),
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    kill: (signal) => pty.kill(signal),
  };
}

/** The environment is the one that start.json holds, plus what only this process can know. */
function childEnv(start: PaneStart): Record<string, string> {
  const { TERM, TMUX, TMUX_PANE } = process.env;
  const inTmux = TMUX !== undefined && process.stdin.isTTY;
  const pane = inTmux && TMUX_PANE !== undefined ? { TMUX, TMUX_PANE, GT_PANE_ID: TMUX_PANE } : {};
  const asRoot = process.getuid?.() === 0 ? start.rootEnv : undefined;
  return { ...start.env, ...asRoot, ...pane, TERM: inTmux && TERM !== undefined ? TERM : 'xterm-256color' };
}

/** A child that has just ended has no terminal any more; its exit is on the way. */
function resizeQuietly(pty: Pty, { columns, rows }: Size): void {
  try {
    pty.resize(columns, rows);
  } catch {
    // EBADF only; the exit event reports the end.
  }
}

function exitStatus(code: number, signal: number | undefined): ExitStatus {
  if (signal === undefined || signal === 0) return { code, signal: null };
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0];
  return { code: null, signal: name ?? `signal ${signal}` };
}
