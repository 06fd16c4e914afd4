import type { CommandSpec, FlagSpec } from './command.ts';
import type { Program } from './program.ts';

export const HELP_FLAG: FlagSpec = { name: 'help', short: 'h', summary: 'Show this help' };

const JSON_FLAG: FlagSpec = { name: 'json', summary: 'Print one JSON document instead of text' };

/** Every flag a command accepts: its own, --json where declared, and the program's. The first of a name wins. */
export function acceptedFlags(program: Program, spec: CommandSpec | undefined): readonly FlagSpec[] {
  const all = [
    ...(spec?.flags ?? []),
    ...(spec?.json === true ? [JSON_FLAG] : []),
    ...(program.globalFlags ?? []),
  ];
  const seen = new Set<string>();
  return all.filter(({ name }) => !seen.has(name) && seen.add(name));
}

/** True when a separate next word belongs to the flag. Bare-able flags take a value only after `=`. */
function takesNextWord(flag: FlagSpec): boolean {
  return (flag.kind ?? 'bool') !== 'bool' && flag.bare === undefined;
}

/** The flag whose value is the word after `word`: `--url`, `-m`, `-nm`; undefined for anything else. */
export function flagAwaitingValue(word: string, flags: readonly FlagSpec[]): FlagSpec | undefined {
  if (word.startsWith('--')) {
    const flag = flags.find(({ name }) => name === word.slice(2));
    return flag !== undefined && takesNextWord(flag) ? flag : undefined;
  }
  if (!/^-[^-]/.test(word)) return undefined;
  const letters = word.slice(1);
  for (let index = 0; index < letters.length; index += 1) {
    const flag = flags.find(({ short }) => short === letters[index]);
    if (flag === undefined) return undefined;
    if (takesNextWord(flag)) return index === letters.length - 1 ? flag : undefined;
  }
  return undefined;
}
