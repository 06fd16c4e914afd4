import { describe, expect, test } from 'vitest';
import { echo, programOf, runOn } from './support.ts';

const PROGRAM = programOf(
  [
    { path: 'refinery', summary: 'Merge queue', aliases: ['ref'] },
    echo({ path: 'refinery attach', aliases: ['at'] }),
    echo({ path: 'refinery status' }),
    echo({ path: 'refinery start' }),
    echo({ path: 'hook', args: [{ name: 'bead', summary: '' }] }),
    echo({ path: 'hook status' }),
    echo({ path: 'hook show' }),
    echo({ path: 'secret', hidden: true }),
    echo({ path: 'version' }),
  ],
  { synonyms: { kill: 'polecat nuke' } },
);

async function finds(words: readonly string[], expected: Record<string, unknown> = {}): Promise<void> {
  const run = await runOn(PROGRAM, words);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(run.stdout)).toEqual(expected);
}

async function complaint(...words: readonly string[]): Promise<string> {
  const run = await runOn(PROGRAM, words);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  return run.stderr;
}

describe('a command is found', () => {
  test('by its words, aliases, and any unique start of them at each level', async () => {
    await finds(['refinery', 'attach']);
    await finds(['ref', 'at']);
    await finds(['refin', 'att']);
  });

  test('a parent that acts by itself takes what names no child as its argument', async () => {
    await finds(['hook', 'gt-abc12'], { bead: 'gt-abc12' });
    await finds(['hook', 'status']);
    await finds(['hook', 's'], { bead: 's' });
  });

  test('hidden commands only by their full name', async () => {
    await finds(['secret']);
    expect(await complaint('secre')).toContain("unknown command 'secre'");
  });

  test('--version and -v are the version command', async () => {
    await finds(['--version']);
    await finds(['-v']);
  });
});

describe('a command is not found', () => {
  test('an unknown word proposes the nearest, exit 1', async () => {
    expect(await complaint('hok')).toBe("Error: unknown command 'hok' for 'gt'\n\nDid you mean hook?\n");
    expect(await complaint('ref', 'statsu')).toContain('Did you mean status?');
  });

  test('a declared synonym is proposed before anything that looks alike', async () => {
    expect(await complaint('kill')).toContain('Did you mean polecat nuke?');
  });

  test('a word like nothing points to the help', async () => {
    expect(await complaint('xyzzy')).toContain('Run: gt --help');
  });

  test('an ambiguous start names the candidates', async () => {
    expect(await complaint('ref', 'sta')).toContain('Write one of: start, status');
  });

  test('a group without a subcommand says which there are', async () => {
    expect(await complaint('refinery')).toBe(
      "Error: 'gt refinery' needs a subcommand\n\nWrite one of: attach, start, status\n",
    );
    expect(await complaint('refinery', '--bogus')).toContain("unknown flag '--bogus' for 'gt refinery'");
  });
});

describe('help', () => {
  test.each([[[]], [['--help']], [['help']]])('gt %j prints the overview', async (words) => {
    const program = programOf([...PROGRAM.commands, { path: 'help', summary: 'Help' }]);
    const run = await runOn(program, words);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('About gt.');
    expect(run.stdout).not.toContain('secret');
  });

  test('help a b is a b --help, whatever else stands there', async () => {
    const program = programOf([...PROGRAM.commands, { path: 'help', summary: 'Help' }]);
    const page = (await runOn(program, ['help', 'refinery', 'attach'])).stdout;
    expect(page).toContain('Usage:\n  gt refinery attach');
    expect((await runOn(program, ['refinery', 'attach', 'extra', '--bogus', '--help'])).stdout).toBe(page);
    expect((await runOn(program, ['ref', '--help', 'at'])).stdout).toBe(page);
  });
});
