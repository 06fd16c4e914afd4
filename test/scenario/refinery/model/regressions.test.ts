import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Happening } from './happenings.ts';
import { runHistory } from './run-history.ts';

interface Regression {
  /** What was broken when it was found. */
  readonly broke: readonly string[];
  readonly history: readonly Happening[];
}

const regressions = JSON.parse(
  readFileSync(new URL('regressions.json', import.meta.url), 'utf8'),
) as readonly Regression[];

it.each(regressions)('once broken: $broke.0', async ({ history }) => {
  expect((await runHistory(history)).wrong).toEqual([]);
});
