import type { Effort } from '../core/effort.ts';
import type { PaneRules } from '../ports/panes.ts';

/** How the first prompt reaches the agent. */
export type PromptStyle =
  | { readonly kind: 'positional' }
  | { readonly kind: 'flag'; readonly flag: string }
  /** Typed once the agent is ready. */
  | { readonly kind: 'typed' }
  /** Takes no prompt at all (the script runner). */
  | { readonly kind: 'none' };

/** Files by which a runtime calls gt back. */
export interface RuntimeHooks {
  /** Format of the file: `claude`, `gemini`, ... */
  readonly provider: string;
  /** Where the file lies: the gt-owned role folder, or the agent's working folder. */
  readonly base: 'settings' | 'work';
  /** Folder below `base`. */
  readonly dir: string;
  /** Path below `base`. */
  readonly file: string;
  /** Flag that names the file on the command line. */
  readonly flag: string | undefined;
  /** Variable that names `dir`. */
  readonly folderEnv: string | undefined;
  /** The hooks tell, but their output does not reach the model. */
  readonly informational: boolean;
}

/** How a runtime answers one question without a terminal. */
export interface OneShot {
  /** Before everything else: `exec`, `run`. */
  readonly subcommand: readonly string[];
  /** Before the question; undefined = it stands alone. */
  readonly promptFlag: string | undefined;
  /** Keeps the one who answers from changing anything. */
  readonly env: Readonly<Record<string, string>>;
}

/** Formats of conversations that gt reads (src/sessions/transcripts). */
export type TranscriptStore = 'claude' | 'codex' | 'opencode' | 'pi';

/** Everything gt knows about one agent runtime: data only, no code switches on a runtime's name (P28). */
export interface RuntimeRecord {
  /** As chosen: `claude`, or the name of a custom agent. */
  readonly name: string;
  /** The preset that filled the gaps. */
  readonly preset: string;
  readonly kind: 'agent' | 'script';
  readonly command: string;
  readonly args: readonly string[];
  /** How hard its model thinks, once it is known for whom; only Claude is told. */
  readonly effort?: Effort | undefined;
  /** A value that is exactly `$NAME` is looked up when the agent starts, never stored resolved. */
  readonly env: Readonly<Record<string, string>>;
  /** Added only when running as root. */
  readonly rootEnv: Readonly<Record<string, string>>;
  readonly processNames: readonly string[];
  readonly prompt: PromptStyle;
  /** gt chooses the conversation's id (a UUID) and passes it by this flag. */
  readonly sessionIdFlag: string | undefined;
  readonly sessionIdEnv: string | undefined;
  readonly resume: { readonly style: 'flag' | 'subcommand'; readonly word: string } | undefined;
  readonly continueFlag: string | undefined;
  /** Added to the words of a resume, goes on in a copy: the conversation itself stays as it is. */
  readonly forkFlag: string | undefined;
  /** One question, one answer on stdout; undefined = this runtime only talks on a terminal. */
  readonly oneShot: OneShot | undefined;
  /** Where the runtime keeps its conversations; undefined = only the recording of the terminal tells. */
  readonly transcripts: TranscriptStore | undefined;
  readonly hooks: RuntimeHooks | undefined;
  readonly configDirEnv: string | undefined;
  readonly instructionsFile: string;
  readonly rules: PaneRules;
  /** argv put before the command (sandboxes). */
  readonly execWrapper: readonly string[];
  /** Why no session of it could work; undefined = nothing is in the way. */
  readonly flaw: string | undefined;
  /** Defined by the user, not built in. */
  readonly custom: boolean;
  /** Run by our own tests; the others are data from their documentation. */
  readonly proven: boolean;
}
