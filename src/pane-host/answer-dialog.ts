import type { Clock } from '../ports/clock.ts';
import type { Agent } from './agent.ts';
import { findDialog, nextDialogKey } from './dialog.ts';
import type { PaneKey } from '../adapters/panes/protocol.ts';
import { POLL_MS } from './watch.ts';
import type { ScreenModes } from './screen.ts';

const MAX_KEYS = 20;
const REACTION_MS = 2000;
/** A person who types in the dialog is left alone; we look again after this. */
const HUMAN_MS = 1000;

/**
 * Moves to the wanted row and takes it. Every key is decided from the screen as it is, and Enter is pressed only when
 * two readings in a row show the wanted row marked: never blind. True = answered or gone, false = a person must.
 */
export async function answerDialog(agent: Agent, clock: Clock): Promise<boolean> {
  let sure = 0;
  for (let pressed = 0; pressed < MAX_KEYS;) {
    if (agent.watch.phase === 'exiting' || agent.watch.phase === 'exited') return true;
    await agent.screen.settled();
    const dialog = findDialog(agent.screen.rows(), agent.rules.dialogs);
    if (dialog === undefined) return true;
    const key = nextDialogKey(dialog);
    if (key === undefined) return false;
    if (agent.human) {
      await clock.sleep(HUMAN_MS);
      continue;
    }
    if (key === 'enter' && sure === 0) {
      sure = 1;
      await clock.sleep(POLL_MS);
      continue;
    }
    sure = 0;
    const before = agent.screen.fingerprint();
    agent.type(keyBytes(key, agent.screen.modes()));
    pressed += 1;
    if (!(await agent.changed(before, REACTION_MS))) return false;
  }
  return false;
}

const NAMED = { enter: '\r', tab: '\t', escape: '\u001B', backspace: '\u007F' } as const;
const ARROWS = { up: 'A', down: 'B', right: 'C', left: 'D' } as const;

/** What a terminal sends for a key. */
export function keyBytes(key: PaneKey, { applicationCursor }: ScreenModes): string {
  switch (key) {
    case 'up':
    case 'down':
    case 'right':
    case 'left':
      return `\u001B${applicationCursor ? 'O' : '['}${ARROWS[key]}`;
    case 'enter':
    case 'tab':
    case 'escape':
    case 'backspace':
      return NAMED[key];
  }
}
