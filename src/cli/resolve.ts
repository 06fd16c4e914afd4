import type { CommandModule, CommandSpec, FlagSpec } from './command.ts';
import { ParseError } from './errors.ts';
import { acceptedFlags, flagAwaitingValue } from './flags.ts';
import type { Program } from './program.ts';
import { didYouMean, suggest } from './suggest.ts';
import { namesOf, visibleChildren, type CommandNode } from './tree.ts';

/** What a command line asks for, before its own words are parsed. */
export type Request =
  | {
      readonly kind: 'run';
      readonly spec: CommandSpec;
      readonly load: () => Promise<CommandModule>;
      readonly words: readonly string[];
    }
  | { readonly kind: 'help'; readonly node: CommandNode }
  | { readonly kind: 'glossary' };

/**
 * Finds the command that `argv` names. Flags may stand before, between and after its words; any unique prefix
 * of a name selects it, unless the program wants them whole. Throws ParseError `command.unknown`, `command.ambiguous` or `command.incomplete`.
 */
export function resolveRequest(program: Program, tree: CommandNode, argv: readonly string[]): Request {
  const found = descend(program, tree, argv);
  const { spec } = found.node;
  if (spec?.path === 'help') return helpOn(program, tree, found.words);
  if (asksForHelp(program, found)) return { kind: 'help', node: found.node };
  if (spec === undefined && found.words.length === 0) return { kind: 'help', node: found.node };
  if (spec?.load === undefined) throw incomplete(program, found);
  return { kind: 'run', spec, load: spec.load, words: found.words };
}

interface Found {
  readonly node: CommandNode;
  /** What is left when the command's own words are taken out, in order. */
  readonly words: readonly string[];
}

function descend(program: Program, tree: CommandNode, argv: readonly string[]): Found {
  let node = tree;
  const kept: string[] = [];
  let index = 0;
  while (index < argv.length) {
    const word = argv[index] ?? '';
    if (word === '--' || node.spec?.passThrough === true || node.children.length === 0) break;
    index += 1;
    if (word.startsWith('-') && word !== '-') {
      kept.push(word);
      const awaits = flagAwaitingValue(word, acceptedFlags(program, node.spec)) !== undefined;
      if (awaits && index < argv.length) kept.push(argv[index++] ?? '');
      continue;
    }
    const child = childNamed(program, node, word);
    if (child === undefined) {
      kept.push(word);
      break;
    }
    node = child;
  }
  return { node, words: [...kept, ...argv.slice(index)] };
}

/** The child that `word` selects. undefined = the word is an argument of the parent itself. */
function childNamed(program: Program, node: CommandNode, word: string): CommandNode | undefined {
  const exact = node.children.find((child) => namesOf(child).includes(word));
  if (exact !== undefined) return exact;
  const alike =
    program.exactNames === true
      ? []
      : visibleChildren(node).filter((child) => namesOf(child).some((name) => name.startsWith(word)));
  const [only] = alike;
  if (only !== undefined && alike.length === 1 && word !== '') return only;
  /* A parent with arguments of its own (`gt hook <bead>`) takes the word itself. */
  if (node.spec?.args !== undefined && node.spec.args.length > 0) return undefined;
  throw alike.length > 1 && word !== ''
    ? ambiguous(program, node, word, alike)
    : unknownCommand(program, node, word);
}

function asksForHelp(program: Program, { node, words }: Found): boolean {
  // Nobody reads the page of a hidden one, and all its words are somebody else's.
  if (node.spec?.passThrough === true && node.spec.hidden === true) return false;
  if (node.spec?.passThrough === true) return words[0] === '--help' || words[0] === '-h';
  const flags = acceptedFlags(program, node.spec);
  const end = words.indexOf('--');
  const own = end < 0 ? words : words.slice(0, end);
  return own.some((word, index) => isHelpWord(word, flags) && !isValue(own, index, flags));
}

function isHelpWord(word: string, flags: readonly FlagSpec[]): boolean {
  return word === '--help' || (word === '-h' && !flags.some(({ short }) => short === 'h'));
}

function isValue(words: readonly string[], index: number, flags: readonly FlagSpec[]): boolean {
  return index > 0 && flagAwaitingValue(words[index - 1] ?? '', flags) !== undefined;
}

/** `help a b` is `a b --help`; flags among the words are ignored. */
function helpOn(program: Program, tree: CommandNode, words: readonly string[]): Request {
  if (words[0] === 'words') return { kind: 'glossary' };
  let node = tree;
  for (const word of words) {
    if (word.startsWith('-')) continue;
    const child = node.children.length === 0 ? undefined : childNamed(program, node, word);
    if (child === undefined) break;
    node = child;
  }
  return { kind: 'help', node };
}

function unknownCommand(program: Program, node: CommandNode, word: string): ParseError {
  const parent = callOf(program, node);
  const typed = node.spec === undefined ? word : `${node.spec.path} ${word}`;
  const meant = program.synonyms?.[typed];
  const names = meant === undefined ? suggest(word, visibleChildren(node).flatMap(namesOf)) : [meant];
  return new ParseError({
    code: 'command.unknown',
    message: `unknown command '${word.slice(0, 40)}' for '${parent}'`,
    hint: didYouMean(names) ?? `Run: ${parent} --help`,
  });
}

function ambiguous(
  program: Program,
  node: CommandNode,
  word: string,
  alike: readonly CommandNode[],
): ParseError {
  return new ParseError({
    code: 'command.ambiguous',
    message: `'${word}' is the start of several commands of '${callOf(program, node)}'`,
    hint: `Write one of: ${alike.map((child) => child.word).join(', ')}`,
  });
}

/** A parent that only groups its children was called without one of them, or with flags of nobody. */
function incomplete(program: Program, { node, words }: Found): ParseError {
  const call = callOf(program, node);
  const [first] = words;
  if (first !== undefined) {
    return new ParseError({
      code: 'flag.unknown',
      message: `unknown flag '${first.slice(0, 40)}' for '${call}'`,
      hint: `Run: ${call} --help`,
    });
  }
  return new ParseError({
    code: 'command.incomplete',
    message: `'${call}' needs a subcommand`,
    hint: `Write one of: ${visibleChildren(node)
      .map((child) => child.word)
      .join(', ')}`,
  });
}

function callOf(program: Program, node: CommandNode): string {
  return node.spec === undefined ? program.name : `${program.name} ${node.spec.path}`;
}
