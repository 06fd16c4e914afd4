import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bd } from '../../../src/cli/bd-program.ts';
import { completing } from '../../../src/cli/completing.ts';
import { gt } from '../../../src/cli/registry.ts';
import { completionScript } from '../../../src/commands/completion/scripts.ts';
import { runOn } from './support.ts';

const names = (...words: readonly string[]): readonly string[] =>
  completing(gt, words).candidates.map(({ value }) => value);
const kind = (...words: readonly string[]): string | undefined => completing(gt, words).values?.kind;

describe('what may stand at the cursor', () => {
  test('commands, at each level, hidden ones left out', () => {
    expect(names('sli')).toEqual(['sling']);
    expect(names('mq', 'integration', '')).toEqual(['create', 'land', 'status']);
    expect(names('__')).toEqual([]);
    expect(names('nonsense', '')).toEqual([]);
  });

  test('flags of the command, also behind arguments; choices of a flag; nothing behind --', () => {
    expect(names('mq', 'list', 'shop', '--wor')).toEqual(['--worker']);
    expect(names('mq', 'list', '--json', '--status', 'o')).toEqual(['open']);
    expect(names('mq', 'list', '--status=o')).toEqual(['--status=open']);
    expect(names('--he')).toEqual(['--help']);
    expect(names('nudge', '--', '--me')).toEqual([]);
  });

  test.each([
    ['bead', ['sling', '']],
    ['target', ['sling', 'gt-1', '']],
    ['rig', ['mq', 'retry', '']],
    ['crew', ['crew', 'at', '']],
    [undefined, ['crew', 'add', '']],
    ['rig', ['crew', 'add', '--rig', '']],
    ['runtime', ['sling', 'gt-1', '--agent', '']],
    ['agent', ['attach', '']],
    ['agent', ['session', 'stop', '']],
    ['bead', ['release', 'x', '']],
    ['file', ['install', '']],
    ['convoy', ['convoy', 'status', '']],
    ['formula', ['formula', 'run', '']],
    ['rig-key', ['rig', 'settings', 'set', 'shop', '']],
    [undefined, ['rig', 'settings', 'set', 'shop', 'x', '']],
    ['shell', ['completion', '']],
  ])('a name of kind %s', (wanted, words) => {
    expect(kind(...words)).toBe(wanted);
  });

  test('a value in one word with its flag is completed in place', () => {
    expect(completing(gt, ['crew', 'list', '--rig=sh']).values).toEqual({
      kind: 'rig',
      typed: 'sh',
      before: '--rig=',
      used: [],
    });
  });
});

describe('__complete', () => {
  test.each([gt, bd])(
    'of $name: outside a town only what the registry knows, and never an error',
    async (program) => {
      expect(await runOn(program, ['__complete', 'show', 'x'])).toEqual({
        code: 0,
        stdout: ':4\n',
        stderr: '',
      });
      for (const words of [['--help'], ['--json', ''], ['help', 'x'], [], ['--version'], ['\u001B[31m']]) {
        expect(await runOn(program, ['__complete', ...words])).toMatchObject({ code: 0, stderr: '' });
      }
    },
  );

  test('names with what they are about, or names alone', async () => {
    const { stdout } = await runOn(gt, ['__complete', 'whoam']);
    expect(stdout).toBe('whoami\tPrint the address you act as\n:4\n');
    expect((await runOn(gt, ['__completeNoDesc', 'whoam'])).stdout).toBe('whoami\n:4\n');
  });
});

describe('completion', () => {
  /** No PowerShell runs in our tests: what it gets is looked at here by eye, and kept. */
  test('the script for PowerShell is the one that was looked at', () => {
    const script = completionScript('powershell', { program: 'gt', request: '__complete' });
    expect(`${script}\n`).toBe(readFileSync(join(import.meta.dirname, 'completion.golden.ps1'), 'utf8'));
  });

  test('follows the name that gt was given, and refuses a shell it does not know', async () => {
    const env = { GT_COMMAND: 'gas-town' };
    const { stdout } = await runOn(gt, ['completion', 'fish', '--no-descriptions'], env);
    expect(stdout).toContain('command gas-town __completeNoDesc');
    expect((await runOn(gt, ['completion', 'bash'], { GT_COMMAND: 'x; rm' })).stdout).toContain(
      'command gt __',
    );
    expect(await runOn(gt, ['completion', 'tcsh'])).toMatchObject({ code: 1, stdout: '' });
  });
});
