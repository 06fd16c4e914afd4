import { messageOf } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';

/** What to take back when a later step fails, newest first. Only things that we made are ever entered here. */
export interface UndoList {
  /** @param what names it in the log when taking it back fails too */
  add(what: string, undo: () => Promise<void>): void;
  /** Runs all entries once; one that fails does not keep the others from running. Returns what could not be undone. */
  run(): Promise<readonly string[]>;
}

export function createUndoList(log: Log): UndoList {
  const entries: { readonly what: string; readonly undo: () => Promise<void> }[] = [];
  return {
    add: (what, undo) => entries.push({ what, undo }),
    async run() {
      const failed: string[] = [];
      for (const { what, undo } of entries.splice(0).reverse()) {
        try {
          await undo();
        } catch (error) {
          failed.push(what);
          log.warn('could not take back', { what, why: messageOf(error) });
        }
      }
      return failed;
    },
  };
}
