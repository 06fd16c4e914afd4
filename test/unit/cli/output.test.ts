import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import type { CommandModule, CommandReply, CommandSpec } from '../../../src/cli/command.ts';
import { RefusedError, UnreadableError } from '../../../src/core/errors.ts';
import { programOf, runOn } from './support.ts';

const schema = z.strictObject({ name: z.string() });

function replying(
  reply: CommandReply | Error,
  rest: Partial<CommandModule> = { schema },
): readonly CommandSpec[] {
  const run = (): Promise<CommandReply> =>
    reply instanceof Error ? Promise.reject(reply) : Promise.resolve(reply);
  return [{ path: 'show', summary: 'Shows', json: true, load: () => Promise.resolve({ run, ...rest }) }];
}

describe('P14: with --json', () => {
  test('stdout is one document, indented, with a newline at its end', async () => {
    const program = programOf(replying({ data: { name: 'a' }, text: 'Name: a', warnings: ['old'] }));
    expect(await runOn(program, ['show', '--json'])).toEqual({
      code: 0,
      stdout: '{\n  "name": "a"\n}\n',
      stderr: '',
    });
  });

  test('a failure prints nothing on stdout and its error on stderr', async () => {
    const program = programOf(
      replying(
        new RefusedError({ code: 'a.b', message: 'cannot show it: it is locked', hint: 'Run: gt unlock' }),
      ),
    );
    expect(await runOn(program, ['show', '--json'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: cannot show it: it is locked\n\nRun: gt unlock\n',
    });
  });

  test('a reply may carry data and a failing exit code', async () => {
    const program = programOf(replying({ data: { name: 'a' }, exitCode: 1 }));
    expect(await runOn(program, ['show', '--json'])).toMatchObject({
      code: 1,
      stdout: '{\n  "name": "a"\n}\n',
    });
  });

  test('data that breaks its declared shape is a fault, under test', async () => {
    const program = programOf(replying({ data: { name: 7 } }));
    const run = await runOn(program, ['show', '--json']);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain("'show' breaks its schema");
  });

  test('a command without schema or without data is a fault', async () => {
    expect((await runOn(programOf(replying({ data: {} }, {})), ['show', '--json'])).stderr).toContain(
      'exports no schema',
    );
    expect((await runOn(programOf(replying({ text: 'x' })), ['show', '--json'])).stderr).toContain('no data');
  });

  test('a command that does not offer it refuses the flag', async () => {
    const program = programOf([
      { path: 'x', summary: '', load: () => Promise.resolve({ run: () => Promise.resolve({}) }) },
    ]);
    expect((await runOn(program, ['x', '--json'])).stderr).toContain("unknown flag '--json'");
  });
});

describe('without --json', () => {
  test('text goes to stdout, warnings to stderr', async () => {
    const program = programOf(replying({ data: { name: 'a' }, text: 'Name: a', warnings: ['old', 'odd'] }));
    expect(await runOn(program, ['show'])).toEqual({ code: 0, stdout: 'Name: a\n', stderr: 'old\nodd\n' });
  });

  test('text may be made only when somebody reads it', async () => {
    let made = 0;
    const text = (): string => `made ${(made += 1)}`;
    const program = programOf(replying({ data: { name: 'a' }, text }));
    expect((await runOn(program, ['show', '--json'])).stdout).not.toContain('made');
    expect((await runOn(program, ['show'])).stdout).toBe('made 1\n');
  });

  test('nothing to say prints nothing', async () => {
    expect(await runOn(programOf(replying({ text: '' })), ['show'])).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('errors', () => {
  test('an unexpected one is called a fault of gt and keeps its stack for GT_DEBUG', async () => {
    const program = programOf(replying(new TypeError('x is not a function')));
    const quiet = await runOn(program, ['show']);
    expect(quiet.stderr).toBe(
      'Error: x is not a function\n\nThis is a fault in gt itself. Run again with GT_DEBUG=1 to see where\n',
    );
    expect((await runOn(program, ['show'], { GT_DEBUG: '1' })).stderr).toContain(
      'TypeError: x is not a function\n    at ',
    );
  });

  test('GT_DEBUG shows the code and every cause', async () => {
    const cause = new Error('EIO: i/o error');
    const program = programOf(
      replying(new UnreadableError({ code: 'files.unreadable', message: 'cannot read x', cause })),
    );
    const { stderr } = await runOn(program, ['show'], { GT_DEBUG: '1' });
    expect(stderr).toContain('code: files.unreadable');
    expect(stderr).toContain('caused by:\nError: EIO: i/o error');
  });

  test('escape sequences in a message never reach the terminal', async () => {
    const program = programOf(replying(new RefusedError({ code: 'a.b', message: 'no \u001B[2Jbead\u0007' })));
    expect((await runOn(program, ['show'])).stderr).toBe('Error: no bead\n');
  });

  test('a program may render its errors its own way', async () => {
    const program = programOf(replying(new RefusedError({ code: 'a.b', message: 'no' })), {
      renderError: (error, { json }) => JSON.stringify({ error: (error as Error).message, json }),
    });
    expect((await runOn(program, ['show', '--json'])).stderr).toBe('{"error":"no","json":true}\n');
  });
});

test('GT_COMMAND renames gt in everything it prints', async () => {
  const program = programOf(replying({ text: 'x' }));
  expect((await runOn(program, ['shwo'], { GT_COMMAND: 'gastown' })).stderr).toContain("for 'gastown'");
});

test('steps before a command run for all but the instant ones, and what they tell is told with its answer', async () => {
  const seen: string[] = [];
  const load = () => Promise.resolve({ run: () => Promise.resolve({}) });
  const commands: readonly CommandSpec[] = [
    { path: 'slow', summary: '', load },
    { path: 'fast', summary: '', startup: 'instant', load },
  ];
  const before = async (_app: unknown, spec: CommandSpec) => [`${seen.push(spec.path)} told`];
  const program = programOf(commands, { before });
  expect(await runOn(program, ['slow'])).toMatchObject({ code: 0, stderr: '1 told\n' });
  await runOn(program, ['fast']);
  expect(seen).toEqual(['slow']);
});
