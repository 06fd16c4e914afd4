import type { AppContext } from '../context.ts';

/**
 * Commands are data: one `CommandSpec` per path, in `src/commands/<noun>/spec.ts`. Parser, help, completion,
 * docs and the every-command tests derive from it. Handlers load only when their command runs.
 */
export interface CommandSpec {
  /** Words after the program name: `rig add`. */
  readonly path: string;
  readonly aliases?: readonly string[];
  /** Section of `gt --help`; only for the first word of a noun. */
  readonly group?: CommandGroup;
  /** One line, plain words, no full stop. */
  readonly summary: string;
  /** More text for the command's own help page. */
  readonly description?: string;
  readonly args?: readonly ArgSpec[];
  readonly flags?: readonly FlagSpec[];
  readonly examples?: readonly string[];
  readonly hidden?: boolean;
  /** `instant` commands skip every pre-run step (spec 06 §1.7). */
  readonly startup?: 'instant' | 'normal';
  /** Accepts --json; the module then exports the zod `schema` of its data. */
  readonly json?: boolean;
  /** Flags that exclude each other. */
  readonly exclusive?: readonly (readonly [string, string])[];
  /** Every word goes to the handler unparsed (only a first --help is ours). */
  readonly passThrough?: boolean;
  /** Absent on a parent that only groups its children. */
  readonly load?: () => Promise<CommandModule>;
}

export const COMMAND_GROUPS = [
  'Work Management',
  'Agent Management',
  'Communication',
  'Services',
  'Workspace',
  'Configuration',
  'Diagnostics',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number] | 'Additional Commands';

export interface ArgSpec {
  readonly name: string;
  readonly summary: string;
  readonly required?: boolean;
  /** Takes all remaining words. */
  readonly many?: boolean;
}

export interface FlagSpec {
  /** Long name without dashes. */
  readonly name: string;
  readonly short?: string;
  readonly summary: string;
  /** Default `bool`. `list` splits on commas and repeats, `array` only repeats. */
  readonly kind?: 'bool' | 'string' | 'int' | 'float' | 'duration' | 'list' | 'array';
  readonly values?: readonly string[];
  /** Least and greatest value of an `int`. */
  readonly min?: number;
  readonly max?: number;
  readonly default?: string | number;
  /** Bare flag means this; a value needs `=`. */
  readonly bare?: string;
  readonly required?: boolean;
  readonly hidden?: boolean;
}

export interface CommandModule {
  run(app: AppContext, input: CommandInput): Promise<CommandReply>;
  /** zod schema of `CommandReply.data`, when the spec says `json`. */
  readonly schema?: { parse(value: unknown): unknown };
}

/** Parsed words, already checked against the spec. Asking for an undeclared name is a BugError. */
export interface CommandInput {
  /** A positional; '' when an optional one is absent. */
  arg(name: string): string;
  /** The words of a `many` positional. */
  args(name: string): readonly string[];
  flag(name: string): string | undefined;
  bool(name: string): boolean;
  number(name: string): number | undefined;
  /** Milliseconds of a duration flag. */
  duration(name: string): number | undefined;
  list(name: string): readonly string[];
  /** True when --json was given. */
  readonly json: boolean;
  /** All words of a pass-through command. */
  readonly words: readonly string[];
}

export interface CommandReply {
  /** What --json prints: one document. */
  readonly data?: unknown;
  /**
   * What people see on stdout; without trailing newline. Absent or '' = print nothing. A function is called only
   * when the text is printed: tables of many rows cost more than their data.
   */
  readonly text?: string | (() => string);
  /** What may only happen once the text is out, such as giving up what it told. */
  readonly afterPrint?: () => Promise<void>;
  /** Lines for stderr. */
  readonly warnings?: readonly string[];
  /** Default 0, or 130 and 143 when a signal ended the command: what only ends that way says 0. */
  readonly exitCode?: number;
}
