import type { SessionName } from '../core/names.ts';
import type { SessionLook, TmuxUi } from './tmux-ui.ts';

/** The town's own tmux server (`-L <socket>`); the user's server is never touched (P19). */
export interface Tmux {
  /** Name of the server's socket (`tmux -L <socket>`). */
  readonly socket: string;
  /** tmux version, or undefined when it is not installed. */
  version(): Promise<string | undefined>;
  /** Sessions of the town's server; empty when it does not run. Throws UnreadableError `tmux.unreadable`. */
  sessions(): Promise<readonly TmuxSession[]>;
  /** Starts `argv` in the session: creates it, or respawns its pane (`respawn-pane -k`) when it exists. */
  start(spec: TmuxStart): Promise<void>;
  /** Ends one session; absent is fine. */
  kill(session: SessionName): Promise<void>;
  /** Ends the town's server once no session of it is left; anything else there stays. */
  stopServer(): Promise<void>;
  /**
   * Shows the session in the calling terminal until the user detaches. Inside a client of the town's server it
   * switches that client; inside another tmux: RefusedError `tmux.nested` saying how to attach.
   */
  attach(session: SessionName): Promise<void>;
  /** Absolute path of the server's socket file, or undefined when it does not run. */
  socketPath(): Promise<string | undefined>;
  readonly ui: TmuxUi;
}

export interface TmuxSession {
  readonly name: SessionName;
  /** Unix ms. */
  readonly created: number;
  readonly attached: number;
  readonly paneDead: boolean;
  readonly panePid: number;
  readonly windows: number;
}

export interface TmuxStart {
  readonly session: SessionName;
  readonly cwd: string;
  readonly argv: readonly [string, ...string[]];
  /** Session environment (`-e`). */
  readonly env: Readonly<Record<string, string>>;
  readonly look: SessionLook;
}
