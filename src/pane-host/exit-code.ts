import { constants } from 'node:os';
import type { ExitStatus } from './child.ts';

/** As a shell tells it: the code, or 128 and the signal's number. */
export function exitCodeOf({ code, signal }: ExitStatus): number {
  if (code !== null) return code;
  const number = Object.entries(constants.signals).find(([name]) => name === signal)?.[1];
  return 128 + (number ?? 0);
}
