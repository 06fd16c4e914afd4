import { readFileSync } from 'node:fs';
import type { Happening } from './happenings.ts';

/** A history that once broke the engine, or that a break of it needs to be seen. */
export interface Regression {
  readonly broke: readonly string[];
  readonly history: readonly Happening[];
}

export function readRegressions(): readonly Regression[] {
  return JSON.parse(
    readFileSync(new URL('regressions.json', import.meta.url), 'utf8'),
  ) as readonly Regression[];
}
