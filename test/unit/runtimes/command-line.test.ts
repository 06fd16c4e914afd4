import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCommandLine, splitCommandLine } from '../../../src/runtimes/command-line.ts';

describe('the command line of an agent', () => {
  it.each([
    ['claude', ['claude']],
    ['  claude   --model haiku ', ['claude', '--model', 'haiku']],
    [`sh -c 'echo "hi there"; gt done'`, ['sh', '-c', 'echo "hi there"; gt done']],
    [String.raw`a\ b "c \"d\" \$e \n" 'f\g'`, ['a b', String.raw`c "d" $e \n`, String.raw`f\g`]],
    [`--x='1 2'3 ''`, ['--x=1 23', '']],
    ['run $HOME *.ts', ['run', '$HOME', '*.ts']],
  ])('%s', (text, words) => {
    expect(splitCommandLine(text)).toEqual(words);
  });

  it.each(["claude 'open", 'claude "open', 'claude \\', '', '   ', "''"])('refuses %j', (text) => {
    expect(() => splitCommandLine(text)).toThrow(expect.objectContaining({ code: 'agent.bad-command' }));
  });

  it('what is shown can be typed again', () => {
    const words = fc
      .array(fc.string({ unit: 'grapheme' }), { minLength: 1 })
      .filter(([first]) => first !== '');
    fc.assert(
      fc.property(words, (all) => {
        expect(splitCommandLine(formatCommandLine(all))).toEqual(all);
      }),
    );
  });
});
