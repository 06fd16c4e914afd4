import type { CommandInput, CommandReply, CommandSpec } from '../../../src/cli/command.ts';
import { runProgram } from '../../../src/cli/run-program.ts';
import type { Program } from '../../../src/cli/program.ts';
import { PLAIN } from '../../../src/cli/style.ts';
import type { AppContext } from '../../../src/context.ts';
import { NotFoundError } from '../../../src/core/errors.ts';
import type { MachinePorts } from '../../../src/ports/index.ts';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program on an app that records what is printed and has neither town nor machine. */
export async function runOn(
  program: Program,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = { GT_TEST: '1' },
): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const noTown = () =>
    Promise.reject(new NotFoundError({ code: 'town.not-found', message: 'not in a Gas Town workspace' }));
  const app: AppContext = {
    env,
    cwd: '/nowhere',
    machine: {} as MachinePorts,
    output: {
      isTTY: false,
      columns: 80,
      rows: 24,
      style: PLAIN,
      write: (text) => (stdout += text),
      note: (line) => (stderr += `${line}\n`),
    },
    gtArgv: ['gt'],
    town: noTown,
    townAt: noTown,
    storeAt: noTown,
    locksAt: () => ({ acquire: noTown, holder: noTown }),
    stdin: () => Promise.resolve(''),
    confirm: () => Promise.resolve(true),
    leftOut: new Map<string, string>(),
    stopSignal: new AbortController().signal,
  };
  const code = (await runProgram(program, argv, app)) ?? 0;
  return { code, stdout, stderr };
}

/** A program of the given commands. */
export function programOf(commands: readonly CommandSpec[], rest: Partial<Program> = {}): Program {
  return { name: 'gt', about: 'About gt.', commands, ...rest };
}

/** A command whose handler hands its input to `use` and prints what that returns. */
export function command(
  spec: Omit<CommandSpec, 'load' | 'summary'>,
  use: (input: CommandInput) => CommandReply = () => ({}),
): CommandSpec {
  return {
    summary: `Does ${spec.path}`,
    ...spec,
    load: () => Promise.resolve({ run: (_app, input) => Promise.resolve(use(input)) }),
  };
}

/** A command that prints how it read its words, for tests of parsing. */
export function echo(spec: Omit<CommandSpec, 'load' | 'summary'>): CommandSpec {
  return command(spec, (input) => ({
    text: JSON.stringify({
      ...Object.fromEntries(
        (spec.args ?? []).map((arg) => [
          arg.name,
          arg.many === true ? input.args(arg.name) : input.arg(arg.name),
        ]),
      ),
      ...Object.fromEntries((spec.flags ?? []).map((flag) => [flag.name, readFlag(input, flag)])),
      ...(input.words.length > 0 ? { words: input.words } : {}),
    }),
  }));
}

function readFlag(input: CommandInput, flag: { readonly name: string; readonly kind?: string }): unknown {
  switch (flag.kind ?? 'bool') {
    case 'bool':
      return input.bool(flag.name);
    case 'int':
    case 'float':
      return input.number(flag.name);
    case 'duration':
      return input.duration(flag.name);
    case 'list':
    case 'array':
      return input.list(flag.name);
    default:
      return input.flag(flag.name);
  }
}
