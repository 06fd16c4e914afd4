import { expect, test } from 'vitest';
import { createFailpoint } from '../../../src/failpoint.ts';

function stoppedAt(env: Readonly<Record<string, string>>): readonly string[] {
  const stopped: string[] = [];
  let at = '';
  const failpoint = createFailpoint(env, () => stopped.push(at));
  for (const step of ['F3', 'F4', 'H5']) {
    for (const when of ['before', 'after'] as const) {
      at = `${step}:${when}`;
      failpoint(step, when);
    }
  }
  return stopped;
}

test('the process ends at the named steps, and only there', () => {
  expect(stoppedAt({ GT_TEST: '1', GT_TEST_STOP: 'F4:after, H5:before' })).toEqual(['F4:after', 'H5:before']);
});

test('nothing happens outside of tests or without a step', () => {
  expect(stoppedAt({ GT_TEST_STOP: 'F4:after' })).toEqual([]);
  expect(stoppedAt({ GT_TEST: '1' })).toEqual([]);
});
