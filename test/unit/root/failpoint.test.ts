import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('a step is held only in tests, and only where somebody waits for it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gt-holds-'));
  try {
    writeFileSync(join(folder, 'F4:after'), '');
    createFailpoint({ GT_TEST_HOLD: folder })('F4', 'after');
    createFailpoint({ GT_TEST: '1', GT_TEST_HOLD: folder })('F4', 'before');
    expect(readdirSync(folder)).toEqual(['F4:after']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
