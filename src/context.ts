import type { TownContext } from './beads/context.ts';
import type { MachinePorts } from './ports/index.ts';

/** What a command handler gets: lazily built, once per process. Only this file reads process.env. */
export interface AppContext {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly machine: MachinePorts;
  readonly output: Output;
  /** argv prefix that starts this gt again. */
  readonly gtArgv: readonly [string, ...string[]];
  /** The town around cwd (else GT_TOWN_ROOT, GT_ROOT). NotFoundError `town.not-found`. */
  town(): Promise<TownContext>;
  /** A town by its root, e.g. right after install. */
  townAt(root: string): Promise<TownContext>;
  /** All of standard input as text. */
  stdin(): Promise<string>;
  /** Aborted by SIGINT and SIGTERM: long-running commands end then. */
  readonly stopSignal: AbortSignal;
}

export interface Output {
  readonly isTTY: boolean;
  /** Terminal columns, 80 when unknown. */
  readonly columns: number;
  readonly rows: number;
  readonly style: Style;
  /** Raw text to stdout (streaming commands only; others return CommandReply.text). */
  write(text: string): void;
  /** One progress or warning line to stderr. */
  note(line: string): void;
}

/** Colours that vanish with NO_COLOR, CLICOLOR=0 or a non-terminal. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  cyan(text: string): string;
}
