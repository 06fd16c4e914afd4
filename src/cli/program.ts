import type { AppContext } from '../context.ts';
import type { CommandSpec, FlagSpec } from './command.ts';

/** One executable made from commands as data: `gt` and `bd`. */
export interface Program {
  /** First word of usage lines. */
  readonly name: string;
  /** Text above the command list of `<name> --help`. */
  readonly about: string;
  /** Text below it. */
  readonly epilogue?: string;
  readonly commands: readonly CommandSpec[];
  /** Sections of `<name> --help` by the first words of commands, in this order; the rest follow under `More`. Default: by `group`. */
  readonly sections?: Readonly<Record<string, readonly string[]>>;
  /** Accepted by every command, before or after its name. */
  readonly globalFlags?: readonly FlagSpec[];
  /** Words people type for a command that is named otherwise: `kill` → `polecat nuke`. */
  readonly synonyms?: Readonly<Record<string, string>>;
  /** Names must be written out: an abbreviation would reach a command that rewrites everything. */
  readonly exactNames?: true;
  /** Best-effort steps before every command that is not `instant`; returns warnings to print with its answer. */
  readonly before?: (app: AppContext, spec: CommandSpec) => Promise<readonly string[]>;
  /** How `data` is printed; default: two-space JSON. */
  readonly renderJson?: (data: unknown, app: AppContext) => string;
  /** Default: src/cli/render-error.ts. Ends without newline. */
  readonly renderError?: (error: unknown, request: ErrorRequest) => string;
}

export interface ErrorRequest {
  /** --json was given. */
  readonly json: boolean;
  /** GT_DEBUG is set: stacks and causes are wanted. */
  readonly debug: boolean;
}
