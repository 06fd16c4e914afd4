import { describe, expect, it } from 'vitest';
import { lastLines } from '../../../src/core/text.ts';
import { classifyRun, failedTests, fingerprintOf } from '../../../src/refinery/failures.ts';
import type { RunResult } from '../../../src/ports/processes.ts';

const output = { stdout: '', stderr: '', ms: 1 };

describe('how a gate run ended', () => {
  it.each<[string, RunResult, string]>([
    ['exit 0', { ...output, end: 'exit', code: 0 }, 'pass'],
    ['exit 1', { ...output, end: 'exit', code: 1 }, 'red code'],
    ['a timeout', { ...output, end: 'timeout' }, 'red timeout'],
    ['stopped by us', { ...output, end: 'aborted' }, 'cut'],
    ['a signal', { ...output, end: 'signal', signal: 'SIGSEGV' }, 'infra'],
    ['out of memory', { ...output, end: 'exit', code: 137 }, 'infra'],
    ['no such command', { ...output, end: 'exit', code: 127 }, 'infra missing'],
    ['not executable', { ...output, end: 'exit', code: 126 }, 'infra missing'],
    ['a full disk', { ...output, stderr: 'ENOSPC: no space', end: 'exit', code: 1 }, 'infra'],
    ['no shell', { ...output, end: 'not-started', why: 'sh: no such program' }, 'infra'],
  ])('%s', (_, result, wanted) => {
    const end = classifyRun(result);
    const more =
      end.kind === 'red' ? ` ${end.failure}` : end.kind === 'infra' && end.missing ? ' missing' : '';
    expect(`${end.kind}${more}`).toBe(wanted);
  });

  it('an exit of 0 is a pass whatever the output says', () => {
    expect(classifyRun({ ...output, stdout: 'ENOSPC', end: 'exit', code: 0 })).toEqual({ kind: 'pass' });
  });
});

describe('which tests failed', () => {
  it.each([
    ['TAP', 'ok 1 - fine\nnot ok 2 - adds numbers\n# fail 1', ['adds numbers']],
    ['pytest', 'FAILED tests/test_a.py::test_x - assert 1 == 2', ['tests/test_a.py::test_x']],
    ['go', '--- FAIL: TestAdd (0.00s)\n    --- FAIL: TestAdd/zero (0.00s)', ['TestAdd', 'TestAdd/zero']],
    ['cargo', 'test math::adds ... FAILED\ntest math::subs ... ok', ['math::adds']],
    ['vitest', ' FAIL  test/a.test.ts > adds\n   × adds 3ms', ['adds', 'test/a.test.ts > adds']],
    ['nothing known', 'Error: boom\nexit status 1', []],
  ])('%s', (_, text, wanted) => {
    expect(failedTests(text)).toEqual(wanted);
  });

  it('names lose control characters and stay short', () => {
    const [name] = failedTests(`not ok 1 - \u001B[31mred\u001B[0m ${'x'.repeat(500)}`);
    expect(name).toMatch(/^red x+…$/);
    expect(name?.length).toBeLessThanOrEqual(200);
  });
});

describe('whether two runs failed in the same way', () => {
  const print = (text: string): string =>
    fingerprintOf({ gate: 'test', failure: 'code', failing: failedTests(text), output: text });

  it('times, numbers, addresses and folders do not matter', () => {
    expect(print('failed after 12 ms in /tmp/a1b2 at 0xdeadbeef')).toBe(
      print('failed after 980 ms in /tmp/zzz at 0x1234'),
    );
  });

  it('other messages do', () => {
    expect(print('cannot connect')).not.toBe(print('assertion failed'));
  });

  it('with failed tests only their set counts', () => {
    expect(print('not ok 1 - a\nnot ok 2 - b\n1 ms')).toBe(print('noise\nnot ok 7 - b\nnot ok 9 - a'));
    expect(print('not ok 1 - a')).not.toBe(print('not ok 1 - b'));
  });
});

it('keeps the last lines that say something', () => {
  expect(lastLines('a\n\nb  \n\u001B[1mc\u001B[0m\n\n', 2)).toEqual(['b', 'c']);
});
