import { BugError } from '../core/errors.ts';
import { parseDuration } from '../core/duration.ts';
import type { CommandInput, CommandSpec, FlagSpec } from './command.ts';
import { ParseError } from './errors.ts';
import { acceptedFlags } from './flags.ts';
import { NO_WORDS, type ParsedWords } from './parsed-words.ts';
import type { Program } from './program.ts';
import { usageLine } from './usage.ts';

/** Judges parsed words against the spec. Throws ParseError for a bad value, a missing flag or two that exclude each other. */
export function createInput(program: Program, spec: CommandSpec, parsed: ParsedWords): CommandInput {
  const flags = new Map(acceptedFlags(program, spec).map((flag) => [flag.name, flag]));
  const usage = usageLine(program, spec);
  checkArguments(spec, parsed, usage);
  for (const flag of flags.values()) checkFlag(flag, parsed, usage);
  checkExclusive(spec, parsed, usage);
  const read = reader(spec, flags, parsed);
  return {
    arg: (name) => read.positional(name)[0] ?? '',
    args: (name) => read.positional(name),
    flag: (name) => read.values(name).at(-1),
    bool: (name) => read.values(name).at(-1) === 'true',
    number: (name) => optional(read.values(name).at(-1), Number),
    duration: (name) => optional(read.values(name).at(-1), parseDuration),
    list: (name) => read.values(name).flatMap((value) => split(flags.get(name), value)),
    json: flags.has('json') && read.values('json').at(-1) === 'true',
    words: [],
  };
}

/** Input of a pass-through command: nothing is interpreted. */
export function passThroughInput(
  program: Program,
  spec: CommandSpec,
  words: readonly string[],
): CommandInput {
  return { ...createInput(program, { ...spec, args: [], flags: [] }, NO_WORDS), words };
}

function reader(spec: CommandSpec, flags: ReadonlyMap<string, FlagSpec>, parsed: ParsedWords) {
  return {
    positional(name: string): readonly string[] {
      const index = (spec.args ?? []).findIndex((arg) => arg.name === name);
      const arg = spec.args?.[index];
      if (arg === undefined) throw undeclared(spec, `argument '${name}'`);
      return arg.many === true ? parsed.positionals.slice(index) : parsed.positionals.slice(index, index + 1);
    },
    values(name: string): readonly string[] {
      const flag = flags.get(name);
      if (flag === undefined) throw undeclared(spec, `flag '--${name}'`);
      return parsed.flags.get(name) ?? (flag.default === undefined ? [] : [String(flag.default)]);
    },
  };
}

function undeclared(spec: CommandSpec, what: string): BugError {
  return new BugError({
    code: 'bug.undeclared-input',
    message: `'${spec.path}' reads ${what}, which its spec does not declare`,
  });
}

function optional<T>(value: string | undefined, convert: (text: string) => T): T | undefined {
  return value === undefined ? undefined : convert(value);
}

function split(flag: FlagSpec | undefined, value: string): readonly string[] {
  if (flag?.kind !== 'list') return [value];
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function checkArguments(spec: CommandSpec, parsed: ParsedWords, usage: string): void {
  const missing = (spec.args ?? []).slice(parsed.positionals.length).find((arg) => arg.required === true);
  if (missing === undefined) return;
  throw new ParseError({ code: 'argument.missing', message: `missing argument <${missing.name}>`, usage });
}

function checkFlag(flag: FlagSpec, parsed: ParsedWords, usage: string): void {
  const given = parsed.flags.get(flag.name);
  if (given === undefined) {
    if (flag.required !== true) return;
    throw new ParseError({ code: 'flag.missing', message: `flag '--${flag.name}' is required`, usage });
  }
  for (const value of given.flatMap((text) => split(flag, text))) {
    const wanted = complaint(flag, value);
    if (wanted === undefined) continue;
    throw new ParseError({
      code: 'flag.bad-value',
      message: `'${value.slice(0, 60)}' does not fit --${flag.name}: it takes ${wanted}`,
      usage,
    });
  }
}

/** What the flag takes instead of `value`; undefined when the value fits. */
function complaint(flag: FlagSpec, value: string): string | undefined {
  if (flag.values !== undefined && !flag.values.includes(value) && value !== flag.bare) {
    return `one of ${flag.values.join(', ')}`;
  }
  switch (flag.kind ?? 'bool') {
    case 'int':
      return fitsInt(flag, value) ? undefined : `a whole number${rangeOf(flag)}`;
    case 'float':
      return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(value) ? undefined : 'a number';
    case 'duration':
      return isDuration(value) ? undefined : 'a duration such as 90s, 1h30m, 500ms, 7d';
    case 'bool':
    case 'string':
    case 'list':
    case 'array':
      return undefined;
  }
}

function fitsInt({ min = -Infinity, max = Infinity }: FlagSpec, value: string): boolean {
  return /^[+-]?\d{1,15}$/.test(value) && Number(value) >= min && Number(value) <= max;
}

function rangeOf({ min, max }: FlagSpec): string {
  if (max !== undefined) return ` from ${min ?? 0} to ${max}`;
  return min === undefined ? '' : `, at least ${min}`;
}

function isDuration(value: string): boolean {
  try {
    parseDuration(value);
    return true;
  } catch {
    return false;
  }
}

function checkExclusive(spec: CommandSpec, parsed: ParsedWords, usage: string): void {
  for (const [left, right] of spec.exclusive ?? []) {
    if (!parsed.flags.has(left) || !parsed.flags.has(right)) continue;
    throw new ParseError({
      code: 'flag.exclusive',
      message: `--${left} and --${right} exclude each other`,
      usage,
    });
  }
}
