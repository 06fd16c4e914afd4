import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { TestHome } from './town.ts';

/** A person's terminal: a tmux of its own around whatever it runs, so that menus and popups can be seen too. */
export interface Screen {
  text(): string;
  /** Keys as tmux names them: `C-b`, `Enter`, `n`. */
  press(...keys: readonly string[]): void;
  /** As it stands. */
  type(text: string): void;
  /** Until the screen holds all of these texts. Returns it. */
  shows(...texts: readonly (string | RegExp)[]): Promise<string>;
  close(): void;
}

export function openScreen(home: TestHome, command: string, size = { columns: 130, rows: 30 }): Screen {
  const socket = `gt-screen-${randomBytes(4).toString('hex')}`;
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], {
      env: home.env,
      encoding: 'utf8',
    });
  const shell = ['-c', home.town, 'env', '-u', 'TMUX', '-u', 'TMUX_PANE', 'sh', '-c', `${command}; exec sh`];
  tmux('new-session', '-d', '-x', String(size.columns), '-y', String(size.rows), ...shell);
  const text = (): string => tmux('capture-pane', '-p');
  return {
    text,
    press: (...keys) => void tmux('send-keys', ...keys),
    type: (typed) => void tmux('send-keys', '-l', typed),
    shows: (...texts) =>
      home
        .until(`${texts.join(', ')} on the screen`, async () => {
          const now = text();
          const isShown = (each: string | RegExp): boolean =>
            typeof each === 'string' ? now.includes(each) : each.test(now);
          return texts.every(isShown) ? now : undefined;
        })
        .catch((error: unknown) => {
          throw new Error(`the screen shows:\n${text()}`, { cause: error });
        }),
    close: () => void tmux('kill-server'),
  };
}
