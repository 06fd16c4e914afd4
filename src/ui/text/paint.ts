/** Colours of a view; they vanish where the terminal has none. Every state is told by a word, colour only repeats it. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}
