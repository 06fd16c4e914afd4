import type { AppContext } from '../context.ts';
import { UsageError } from '../core/errors.ts';

/** Only a person at a terminal can be shown another one. UsageError `attach.no-terminal`. */
export function refuseWithoutTerminal({ output }: AppContext): void {
  if (output.isTTY) return;
  throw new UsageError({
    code: 'attach.no-terminal',
    message: 'attach needs a terminal',
    hint: 'To only read the screen run: gt peek <agent>',
  });
}
