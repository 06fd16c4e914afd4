import type { PaneDialog } from '../ports/panes.ts';
import { readMenu } from './menu.ts';
import type { Menu } from './menu.ts';

/** A question that stands on the screen instead of the prompt. */
export interface Dialog {
  readonly name: string;
  readonly menu: Menu;
  /** Index of the option to take; undefined = nobody told us, a person must. */
  readonly wanted: number | undefined;
}

/**
 * The first dialog of the record whose texts are all on the screen together with a menu. Texts alone are not enough:
 * an agent may be quoting them.
 */
export function findDialog(rows: readonly string[], dialogs: readonly PaneDialog[]): Dialog | undefined {
  const text = rows.join('\n').toLowerCase();
  const known = dialogs.find(({ shows }) => shows.every((part) => text.includes(part.toLowerCase())));
  const menu = known === undefined ? undefined : readMenu(rows);
  if (known === undefined || menu === undefined) return undefined;
  return { name: known.name, menu, wanted: wantedOption(menu, known.choose) };
}

/** Exactly one option must fit: with two or none, no key is pressed. */
function wantedOption(menu: Menu, choose: string | undefined): number | undefined {
  if (choose === undefined) return undefined;
  const fitting = menu.options.flatMap(({ text }, index) =>
    text.toLowerCase().includes(choose.toLowerCase()) ? [index] : [],
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

export type DialogKey = 'up' | 'down' | 'enter';

/** The next key, decided anew from every reading of the screen; undefined = leave it to a person. */
export function nextDialogKey({ menu, wanted }: Dialog): DialogKey | undefined {
  if (wanted === undefined) return undefined;
  if (wanted === menu.marked) return 'enter';
  return wanted > menu.marked ? 'down' : 'up';
}
