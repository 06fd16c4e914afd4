import { expect, it } from 'vitest';
import { readRegressions } from './regressions.ts';
import { runHistory } from './run-history.ts';

it.each(readRegressions())('never again: $broke.0', async ({ history }) => {
  expect((await runHistory(history)).wrong).toEqual([]);
});
