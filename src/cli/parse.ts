import { Command, CommanderError, Option } from 'commander';
import type { CommandSpec, FlagSpec } from './command.ts';
import { ParseError } from './errors.ts';
import { acceptedFlags, flagAwaitingValue } from './flags.ts';
import type { ParsedWords } from './parsed-words.ts';
import type { Program } from './program.ts';
import { didYouMean, suggest } from './suggest.ts';
import { usageLine } from './usage.ts';

/** Sorts words into flags and positionals by the command's spec. Throws ParseError. */
export function parseWords(program: Program, spec: CommandSpec, words: readonly string[]): ParsedWords {
  const accepted = acceptedFlags(program, spec);
  const flags = new Map<string, string[]>();
  const command = new Command()
    .exitOverride()
    .helpOption(false)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const { name, many } of spec.args ?? [])
    command.argument(many === true ? `[${name}...]` : `[${name}]`);
  for (const flag of accepted) addFlag(command, flag, flags);
  try {
    command.parse(attachValues(words, accepted), { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? toParseError({ program, spec, words, accepted }, error) : error;
  }
  return { positionals: command.args, flags };
}

/**
 * Values are collected from events: Commander's own store folds `--x` and `--no-x` into one value, but ours are
 * two flags.
 */
function addFlag(command: Command, flag: FlagSpec, found: Map<string, string[]>): void {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  const collect = (value: string): void => {
    found.set(flag.name, [...(found.get(flag.name) ?? []), value]);
  };
  if ((flag.kind ?? 'bool') === 'bool') {
    command.addOption(new Option(`${short}--${flag.name}`));
    command.on(`option:${flag.name}`, () => collect('true'));
    /* Commander knows no value for a bool, so each spelling is an option of its own. */
    for (const value of ['true', 'false']) {
      command.addOption(new Option(`--${flag.name}=${value}`));
      command.on(`option:${flag.name}=${value}`, () => collect(value));
    }
    return;
  }
  command.addOption(new Option(`${short}--${flag.name} <value>`));
  command.on(`option:${flag.name}`, collect);
}

/** `--resume` becomes `--resume=<bare>`: to Commander an optional value would swallow the next word. */
function attachValues(words: readonly string[], flags: readonly FlagSpec[]): readonly string[] {
  const end = words.indexOf('--');
  return words.map((word, index) => {
    if (end >= 0 && index >= end) return word;
    if (index > 0 && flagAwaitingValue(words[index - 1] ?? '', flags) !== undefined) return word;
    const flag = flags.find(({ name }) => word === `--${name}`);
    return flag?.bare === undefined ? word : `${word}=${flag.bare}`;
  });
}

interface Attempt {
  readonly program: Program;
  readonly spec: CommandSpec;
  readonly words: readonly string[];
  readonly accepted: readonly FlagSpec[];
}

function toParseError({ program, spec, words, accepted }: Attempt, error: CommanderError): ParseError {
  const usage = usageLine(program, spec);
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  switch (error.code) {
    case 'commander.unknownOption': {
      const hint = didYouMean(flagsLike(quoted, accepted));
      const message = `unknown flag '${quoted.slice(0, 60)}'`;
      return new ParseError({
        code: 'flag.unknown',
        message,
        usage,
        ...(hint === undefined ? {} : { hint }),
      });
    }
    case 'commander.optionMissingArgument':
      return new ParseError({
        code: 'flag.no-value',
        message: `flag '${longName(quoted)}' needs a value`,
        usage,
      });
    case 'commander.excessArguments': {
      const most = spec.args?.length ?? 0;
      const limit = most === 0 ? 'none' : `at most ${most}`;
      const message = `too many arguments: '${program.name} ${spec.path}' takes ${limit}`;
      return new ParseError({ code: 'argument.excess', message, usage });
    }
    default:
      return new ParseError({
        code: 'words.bad',
        message: `cannot read '${words.join(' ').slice(0, 80)}'`,
        usage,
      });
  }
}

function flagsLike(typed: string, accepted: readonly FlagSpec[]): readonly string[] {
  const names = accepted.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
  return suggest(typed.replace(/^-+/, '').replace(/=.*$/, ''), names).map((name) => `--${name}`);
}

/** Commander names an option by its whole definition (`-u, --url <value>`). */
function longName(definition: string): string {
  return /--[^\s=<]+/.exec(definition)?.[0] ?? definition;
}
