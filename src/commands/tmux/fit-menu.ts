import type { TmuxMenuItem } from '../../ports/tmux-ui.ts';

export interface MenuSpace {
  /** Rows of the terminal. */
  readonly rows: number;
  /** Entries that were on the pages before. */
  readonly from: number;
  /** Choices that every page ends with. */
  readonly more: readonly TmuxMenuItem[];
  /** Words of gt that show the menu from an entry on. */
  readonly nextPage: (from: number) => readonly string[];
}

/** Border, title and the status bar. */
const FRAME = 3;
const KEYS = '123456789abcdefghijklmnopqrstuvwxyz';
/** The menu itself goes up and down and closes with these. */
const TAKEN = new Set(['j', 'k', 'q']);
const NEXT_KEY = '+';

/** As much of a long menu as a terminal shows (tmux shows nothing of one that is too high), with keys to choose by. */
export function fitMenu(entries: readonly TmuxMenuItem[], space: MenuSpace): readonly TmuxMenuItem[] {
  const { rows, from, more, nextPage } = space;
  const tail = more.length === 0 ? 0 : more.length + 1;
  const rest = entries.slice(from);
  const room = Math.max(2, rows - FRAME - tail);
  const fits = rest.length <= room;
  const shown = fits ? rest : rest.slice(0, room - 2);
  const next: readonly TmuxMenuItem[] = fits
    ? []
    : [
        { kind: 'line' },
        {
          kind: 'choice',
          text: `${rest.length - shown.length} more …`,
          key: NEXT_KEY,
          action: { kind: 'run', words: nextPage(from + shown.length) },
        },
      ];
  const line: readonly TmuxMenuItem[] = more.length === 0 ? [] : [{ kind: 'line' }];
  return [...withKeys(shown), ...next, ...line, ...more];
}

function withKeys(items: readonly TmuxMenuItem[]): readonly TmuxMenuItem[] {
  const keys = Array.from(KEYS).filter((key) => !TAKEN.has(key));
  return items.map((item) => (item.kind === 'choice' ? { ...item, key: keys.shift() } : item));
}
