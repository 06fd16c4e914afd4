import { describe, expect, test } from 'vitest';
import type { ArgSpec, FlagSpec } from '../../../src/cli/command.ts';
import { echo, programOf, runOn } from './support.ts';

const FLAGS: readonly FlagSpec[] = [
  { name: 'force', short: 'f', summary: '' },
  { name: 'dry-run', short: 'n', summary: '' },
  { name: 'no-boot', summary: '' },
  { name: 'boot', summary: '' },
  { name: 'watch', summary: '', default: 'true' },
  { name: 'message', short: 'm', kind: 'string', summary: '' },
  { name: 'resume', kind: 'string', bare: 'last', summary: '' },
  { name: 'labels', kind: 'list', summary: '' },
  { name: 'var', kind: 'array', summary: '' },
  { name: 'count', kind: 'int', default: 20, summary: '' },
  { name: 'lines', kind: 'int', min: 1, summary: '' },
  { name: 'rank', kind: 'int', min: 0, max: 4, summary: '' },
  { name: 'since', kind: 'duration', summary: '' },
  { name: 'mode', kind: 'string', values: ['queue', 'immediate'], summary: '' },
];
const ARGS: readonly ArgSpec[] = [
  { name: 'bead', summary: '', required: true },
  { name: 'rest', summary: '', many: true },
];
const PROGRAM = programOf([echo({ path: 'do', args: ARGS, flags: FLAGS })]);

async function parse(...words: readonly string[]): Promise<Record<string, unknown>> {
  const run = await runOn(PROGRAM, ['do', ...words]);
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout) as Record<string, unknown>;
}

async function complaint(...words: readonly string[]): Promise<string> {
  const run = await runOn(PROGRAM, ['do', ...words]);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  return run.stderr;
}

describe('the forms of a flag', () => {
  test.each([
    ['a word of its own', ['b', '--message', 'hi']],
    ['behind =', ['b', '--message=hi']],
    ['short', ['b', '-m', 'hi']],
    ['short, glued', ['b', '-mhi']],
    ['in front of the arguments', ['-m', 'hi', 'b']],
    ['at the end of a group of shorts', ['b', '-nm', 'hi']],
  ])('a value may be written %s', async (_form, words) => {
    expect(await parse(...words)).toMatchObject({ bead: 'b', message: 'hi' });
  });

  test('short bools may be grouped', async () => {
    expect(await parse('b', '-nf')).toMatchObject({ force: true, 'dry-run': true });
  });

  test('words after -- are arguments, whatever they look like', async () => {
    expect(await parse('--', '--force', '-n')).toMatchObject({ bead: '--force', rest: ['-n'], force: false });
  });

  test('flags and arguments mix in any order', async () => {
    expect(await parse('b', '--force', 'c', '-m', 'x', 'd')).toMatchObject({
      rest: ['c', 'd'],
      message: 'x',
    });
  });
});

describe('bools', () => {
  test('take true or false after =, and the last word counts', async () => {
    expect(await parse('b', '--force=true')).toMatchObject({ force: true });
    expect(await parse('b', '--force', '--force=false')).toMatchObject({ force: false });
    expect(await parse('b', '--watch=false')).toMatchObject({ watch: false });
  });

  test('never eat the next word', async () => {
    expect(await parse('--force', 'false')).toMatchObject({ force: true, bead: 'false' });
  });

  test('keep their default when not given', async () => {
    expect(await parse('b')).toMatchObject({ watch: true, force: false });
  });

  test('--boot and --no-boot are two flags', async () => {
    expect(await parse('b', '--no-boot')).toMatchObject({ boot: false, 'no-boot': true });
  });
});

describe('values', () => {
  test('a bare flag with optional value never eats the next word', async () => {
    expect(await parse('--resume', 'ace')).toMatchObject({ resume: 'last', bead: 'ace' });
    expect(await parse('b', '--resume=ace')).toMatchObject({ resume: 'ace' });
  });

  test('a value that looks like a flag stays a value', async () => {
    expect(await parse('b', '-m', '--help')).toMatchObject({ message: '--help' });
    expect(await parse('b', '--message', '--resume')).toMatchObject({ message: '--resume' });
  });

  test('a list splits on commas and repeats, an array only repeats', async () => {
    expect(
      await parse('b', '--labels', 'x, y', '--labels=z', '--var', 'k=1,2', '--var', 'l=3'),
    ).toMatchObject({
      labels: ['x', 'y', 'z'],
      var: ['k=1,2', 'l=3'],
    });
  });

  test('numbers and durations are read in their unit', async () => {
    expect(await parse('b', '--count', '-1', '--since', '1h30m')).toMatchObject({
      count: -1,
      since: 5_400_000,
    });
    expect(await parse('b')).toMatchObject({ count: 20 });
  });

  test.each([
    [['b', '--count', 'x'], 'a whole number'],
    [['b', '--lines', '0'], 'a whole number, at least 1'],
    [['b', '--lines', '-1'], 'a whole number, at least 1'],
    [['b', '--rank', '5'], 'a whole number from 0 to 4'],
    [['b', '--since', 'soon'], 'a duration'],
    [['b', '--mode', 'slow'], 'one of queue, immediate'],
  ])('%j is refused with what fits', async (words, wanted) => {
    expect(await complaint(...words)).toContain(wanted);
  });
});

describe('mistakes', () => {
  test('a missing argument is named and the usage follows', async () => {
    expect(await complaint()).toBe(
      'Error: missing argument <bead>\n\nUsage: gt do <bead> [rest...] [flags]\n',
    );
  });

  test('a flag without its value is named', async () => {
    expect(await complaint('b', '--message')).toMatch(/^Error: flag '--message' needs a value\n/);
  });

  test('an unknown flag proposes the nearest', async () => {
    expect(await complaint('b', '--forse')).toMatch(
      /^Error: unknown flag '--forse'\n\nDid you mean --force\?\n/,
    );
  });

  test('flags are never abbreviated', async () => {
    expect(await complaint('b', '--mess', 'x')).toContain("unknown flag '--mess'");
  });

  test('too many arguments are refused', async () => {
    const program = programOf([echo({ path: 'one', args: [{ name: 'a', summary: '' }] })]);
    const run = await runOn(program, ['one', 'x', 'y']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain("'gt one' takes at most 1");
  });

  test('a required flag must be there, also without any word', async () => {
    const flags: readonly FlagSpec[] = [{ name: 'reason', kind: 'string', required: true, summary: '' }];
    const run = await runOn(programOf([echo({ path: 'close', flags })]), ['close']);
    expect(run.stderr).toContain("flag '--reason' is required");
  });

  test('two flags that exclude each other are refused', async () => {
    const program = programOf([
      echo({
        path: 'send',
        exclusive: [['notify', 'no-notify']],
        flags: [
          { name: 'notify', summary: '' },
          { name: 'no-notify', summary: '' },
        ],
      }),
    ]);
    expect((await runOn(program, ['send', '--notify', '--no-notify'])).stderr).toContain(
      '--notify and --no-notify exclude each other',
    );
  });
});

describe('pass-through commands', () => {
  const program = programOf([echo({ path: 'commit', passThrough: true })]);

  test('hand on every word unread', async () => {
    const run = await runOn(program, ['commit', '-m', '--help', '--', '-x']);
    expect(JSON.parse(run.stdout)).toEqual({ words: ['-m', '--help', '--', '-x'] });
  });

  test('only a first --help is ours', async () => {
    expect((await runOn(program, ['commit', '--help'])).stdout).toContain('Usage:\n  gt commit');
  });
});

test('a handler that reads an undeclared flag is a bug that says so', async () => {
  const program = programOf([
    {
      path: 'x',
      summary: '',
      load: () => Promise.resolve({ run: (_app, input) => Promise.resolve({ text: input.flag('y') ?? '' }) }),
    },
  ]);
  expect((await runOn(program, ['x'])).stderr).toContain(
    "'x' reads flag '--y', which its spec does not declare",
  );
});
