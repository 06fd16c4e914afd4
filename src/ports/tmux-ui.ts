import type { SessionName } from '../core/names.ts';

/** What people see of the town's tmux server. Every text here is data: none of it is ever a tmux format. */
export interface TmuxUi {
  /** Gives a session its bar and colours; one that is not there is left alone. */
  dress(session: SessionName, look: SessionLook): Promise<void>;
  /** Shows a session in a client. @param client its terminal (`/dev/pts/3`); default: the caller's own */
  show(session: SessionName, client?: string): Promise<void>;
  /** Opens a menu in a client and returns at once; what is chosen is done by tmux. */
  menu(menu: TmuxMenu): Promise<void>;
  /** Rows of a client's terminal: a menu that is higher is not shown at all. */
  rows(client?: string): Promise<number>;
  /** Opens a window of gt in the session, or goes to it when it is open. */
  window(session: SessionName, window: TmuxWindow): Promise<void>;
}

export interface SessionLook {
  /** Address of the agent: marks the session as one of gt. */
  readonly address: string;
  /** Left part of the status bar. */
  readonly label: string;
  /** Of the bar; absent = as the terminal is. */
  readonly colours?: { readonly bg: string; readonly fg: string } | undefined;
  /** Background of the window. */
  readonly tint?: string | undefined;
}

export interface TmuxMenu {
  readonly title: string;
  readonly client?: string | undefined;
  readonly items: readonly TmuxMenuItem[];
}

export type TmuxMenuItem =
  | { readonly kind: 'line' }
  /** Cannot be chosen. */
  | { readonly kind: 'heading'; readonly text: string }
  | {
      readonly kind: 'choice';
      readonly text: string;
      /** One letter or digit. */
      readonly key?: string | undefined;
      readonly action: TmuxAction;
    };

export type TmuxAction =
  | { readonly kind: 'show'; readonly session: SessionName }
  /** Runs gt with these words, unseen. */
  | { readonly kind: 'run'; readonly words: readonly string[] }
  /** Runs gt with these words in a window over the screen. */
  | {
      readonly kind: 'popup';
      readonly words: readonly string[];
      readonly columns: number;
      readonly rows: number;
    };

export interface TmuxWindow {
  readonly name: string;
  /** Words of gt to run in it. */
  readonly words: readonly string[];
}
