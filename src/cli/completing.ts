import type { ArgSpec, CommandSpec, FlagSpec } from './command.ts';
import { kindOfArgument, kindOfFlag } from './completion-kinds.ts';
import type { ValueKind } from './completion-kinds.ts';
import { HELP_FLAG, acceptedFlags, flagAwaitingValue } from './flags.ts';
import type { Program } from './program.ts';
import { commandTree, namesOf, visibleChildren } from './tree.ts';
import type { CommandNode } from './tree.ts';

/** One way to go on with the word under the cursor. */
export interface Candidate {
  readonly value: string;
  /** Said beside it; '' = nothing. */
  readonly about: string;
}

/** What may stand where the cursor is. */
export interface Completing {
  /** Known from the registry alone: commands, flags, choices. All start with what was typed. */
  readonly candidates: readonly Candidate[];
  /** Looked up in the town; undefined = nothing is. */
  readonly values: WantedValues | undefined;
}

export interface WantedValues {
  readonly kind: ValueKind;
  /** What was typed of the value. */
  readonly typed: string;
  /** Stands before every value: `--rig=`. */
  readonly before: string;
  /** Given already. */
  readonly used: readonly string[];
}

/** `words` without the program's name; the last one is under the cursor and may be ''. Pure. */
export function completing(program: Program, words: readonly string[]): Completing {
  const typed = words.at(-1) ?? '';
  const place = placeOf(program, commandTree(program.commands), words.slice(0, -1));
  const { node, flags, awaiting, isEnded } = place;
  if (awaiting !== undefined) return ofFlag(awaiting, { typed, before: '' });
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(typed) ?? [];
  if (!isEnded && name !== undefined && value !== undefined) {
    const flag = flags.find((each) => each.name === name);
    return flag === undefined ? NOTHING : ofFlag(flag, { typed: value, before: `--${name}=` });
  }
  if (!isEnded && typed.startsWith('-')) return known([...flags, HELP_FLAG].flatMap(flagCandidates), typed);
  return ofWord(node, place.positionals, typed);
}

const NOTHING: Completing = { candidates: [], values: undefined };

interface Place {
  readonly node: CommandNode;
  readonly flags: readonly FlagSpec[];
  /** The word before the cursor is a flag, and this its value. */
  readonly awaiting: FlagSpec | undefined;
  /** `--` stood before. */
  readonly isEnded: boolean;
  readonly positionals: readonly string[];
}

/** Walks the words as `resolveRequest` does, but never fails: what is unknown is an argument. */
function placeOf(program: Program, tree: CommandNode, words: readonly string[]): Place {
  let node = tree;
  let awaiting: FlagSpec | undefined;
  let isEnded = false;
  const positionals: string[] = [];
  for (const word of words) {
    if (awaiting !== undefined) awaiting = undefined;
    else if (isEnded) positionals.push(word);
    else if (word === '--') isEnded = true;
    else if (word.startsWith('-') && word !== '-')
      awaiting = flagAwaitingValue(word, acceptedFlags(program, node.spec));
    else {
      const child = positionals.length > 0 ? undefined : childNamed(node, word);
      if (child === undefined) positionals.push(word);
      else node = child;
    }
  }
  const flags = acceptedFlags(program, node.spec).filter(({ hidden }) => hidden !== true);
  return { node, flags, awaiting, isEnded, positionals };
}

function childNamed(node: CommandNode, word: string): CommandNode | undefined {
  return node.children.find((child) => namesOf(child).includes(word));
}

function ofFlag(flag: FlagSpec, { typed, before }: { typed: string; before: string }): Completing {
  const choices = flag.values ?? ((flag.kind ?? 'bool') === 'bool' ? ['true', 'false'] : []);
  const kind = choices.length > 0 ? undefined : kindOfFlag(flag.name);
  return {
    candidates: known(
      choices.map((value) => ({ value: before + value, about: '' })),
      before + typed,
    ).candidates,
    values: kind === undefined ? undefined : { kind, typed, before, used: [] },
  };
}

function flagCandidates(flag: FlagSpec): readonly Candidate[] {
  const { name, short, summary } = flag;
  return [
    { value: `--${name}`, about: summary },
    ...(short === undefined ? [] : [{ value: `-${short}`, about: summary }]),
  ];
}

/** A subcommand, or the next argument of the command itself. */
function ofWord(node: CommandNode, positionals: readonly string[], typed: string): Completing {
  const commands = positionals.length > 0 ? [] : visibleChildren(node);
  const { candidates } = known(
    commands.map(({ word, spec }) => ({ value: word, about: spec?.summary ?? '' })),
    typed,
  );
  const { spec } = node;
  const arg = spec === undefined ? undefined : argumentAt(spec, positionals.length);
  const kind =
    spec === undefined || arg === undefined ? undefined : kindOfArgument(spec.path, arg.name, positionals);
  return {
    candidates,
    values: kind === undefined ? undefined : { kind, typed, before: '', used: positionals },
  };
}

function argumentAt({ args = [] }: CommandSpec, index: number): ArgSpec | undefined {
  const last = args.at(-1);
  return args[index] ?? (last?.many === true ? last : undefined);
}

function known(candidates: readonly Candidate[], typed: string): Completing {
  return { candidates: candidates.filter(({ value }) => value.startsWith(typed)), values: undefined };
}
