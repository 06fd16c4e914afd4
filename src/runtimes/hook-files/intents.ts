/** What runtimes call gt for, and the words after the program (DESIGN D18). */
export const INTENTS = {
  /** A conversation starts or goes on: context and work. */
  start: 'prime --hook',
  /** A text was submitted: messages for the agent go with it. */
  prompt: 'mail check --inject',
  /** The turn is over. */
  stop: 'signal stop',
  /** The conversation is about to be shortened. */
  compact: 'checkpoint write',
  /** A shell command is about to run, or a file to be written. */
  guard: 'tap guard all',
} as const;

export type Intent = keyof typeof INTENTS;
export const INTENT_NAMES = [
  'start',
  'prompt',
  'stop',
  'compact',
  'guard',
] as const satisfies readonly Intent[];

/** Commands that some gt, of whatever version, has written: they are replaced, everything else is the user's. */
const OURS = /(?:^|[\s/'"&;])gt['"]?\s+(?:prime|mail check|signal|checkpoint|tap|costs|handoff)\b/;

export function isOurCommand(command: string): boolean {
  return OURS.test(command);
}
