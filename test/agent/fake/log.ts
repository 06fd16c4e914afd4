import { appendFileSync } from 'node:fs';

/** What the agent did and what was done to it, one JSON line each. */
export type Happening =
  | { readonly type: 'started'; readonly pid: number; readonly cwd: string; readonly argv: readonly string[] }
  /** `by`: the prompt argument, the keyboard, or a Stop hook. */
  | { readonly type: 'submitted'; readonly text: string; readonly by: 'argument' | 'keyboard' | 'hook' }
  | { readonly type: 'ran'; readonly command: string; readonly code: number; readonly output: string }
  | { readonly type: 'blocked'; readonly command: string; readonly reason: string }
  | {
      readonly type: 'hook';
      readonly event: string;
      readonly command: string;
      readonly code: number;
      readonly output: string;
    }
  | { readonly type: 'spawned'; readonly pid: number }
  | { readonly type: 'answered'; readonly title: string; readonly option: string }
  /** A key that no prompt took: Escape, arrows outside a dialog. */
  | { readonly type: 'key'; readonly name: string; readonly busy: boolean };

export type Happenings = (happening: Happening) => void;

export function createHappenings(path: string | undefined): Happenings {
  return (happening) => {
    if (path !== undefined) appendFileSync(path, `${JSON.stringify(happening)}\n`);
  };
}
