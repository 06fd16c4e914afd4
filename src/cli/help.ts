import type { Output } from '../context.ts';
import { wrap } from '../ui/text/wrap.ts';
import { COMMAND_GROUPS, type CommandSpec, type FlagSpec } from './command.ts';
import { HELP_FLAG, acceptedFlags } from './flags.ts';
import type { Program } from './program.ts';
import { visibleChildren, type CommandNode } from './tree.ts';
import { usageLine } from './usage.ts';

const WIDEST = 100;

/** A help page: text, usage, aliases, examples, subcommands, flags. No trailing newline. */
export function renderHelp(
  program: Program,
  node: CommandNode,
  output: Pick<Output, 'columns' | 'style'>,
): string {
  const page = { program, width: Math.min(output.columns, WIDEST), bold: output.style.bold };
  const sections =
    node.spec === undefined ? rootSections(page, node) : commandSections(page, node, node.spec);
  return sections.filter((section) => section !== '').join('\n\n');
}

interface Page {
  readonly program: Program;
  readonly width: number;
  readonly bold: (text: string) => string;
}

function rootSections(page: Page, node: CommandNode): readonly string[] {
  const { program } = page;
  return [
    program.about,
    `${page.bold('Usage:')}\n  ${program.name} <command> [arguments] [flags]`,
    ...(program.sections === undefined
      ? groupSections(page, visibleChildren(node))
      : ownSections(page, visibleChildren(node), program.sections)),
    flagSection(page, 'Flags', [...(program.globalFlags ?? []), HELP_FLAG, versionFlag(program)]),
    program.epilogue ?? '',
  ];
}

function ownSections(
  page: Page,
  children: readonly CommandNode[],
  sections: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  const named = new Set(Object.values(sections).flat());
  const more = children.filter(({ word }) => !named.has(word)).map(({ word }) => word);
  return Object.entries({ ...sections, More: more }).map(([title, words]) =>
    rows(
      page,
      title,
      words.flatMap((word) => children.filter((child) => child.word === word)).map(commandRow),
    ),
  );
}

function groupSections(page: Page, children: readonly CommandNode[]): readonly string[] {
  const groups = [...COMMAND_GROUPS, 'Additional Commands' as const];
  return groups.map((group) => {
    const inGroup = children.filter(({ spec }) => (spec?.group ?? 'Additional Commands') === group);
    return rows(page, group, inGroup.map(commandRow));
  });
}

function commandSections(page: Page, node: CommandNode, spec: CommandSpec): readonly string[] {
  const { program } = page;
  const children = visibleChildren(node);
  const usages = [
    ...(spec.load === undefined ? [] : [usageLine(program, spec)]),
    ...(children.length === 0 ? [] : [`${program.name} ${spec.path} <command>`]),
  ];
  const flags = acceptedFlags({ ...program, globalFlags: [] }, spec);
  return [
    wrap(joined(spec.description ?? sentence(spec.summary)), page.width).join('\n'),
    `${page.bold('Usage:')}\n${usages.map((usage) => `  ${usage}`).join('\n')}`,
    spec.aliases === undefined || spec.aliases.length === 0
      ? ''
      : `${page.bold('Aliases:')}\n  ${spec.aliases.join(', ')}`,
    rows(
      page,
      'Arguments',
      (spec.args ?? []).map((arg) => [arg.name, arg.summary] as const),
    ),
    exampleSection(page, spec),
    rows(page, 'Available Commands', children.map(commandRow)),
    flagSection(page, 'Flags', [...flags, HELP_FLAG]),
    flagSection(page, 'Global Flags', program.globalFlags ?? []),
  ];
}

/** A line that breaks within a sentence goes on: the width of the page decides where it breaks. */
function joined(text: string): string {
  return text.replaceAll(/(?<=[^\s.:;!?])\n(?=[^\s-])/g, ' ');
}

/** -V where -v means something else (bd). */
function versionFlag({ globalFlags = [] }: Program): FlagSpec {
  const isTaken = globalFlags.some(({ short }) => short === 'v');
  return { name: 'version', short: isTaken ? 'V' : 'v', summary: 'Print the version' };
}

function sentence(summary: string): string {
  return summary.endsWith('.') ? summary : `${summary}.`;
}

function exampleSection(page: Page, spec: CommandSpec): string {
  if (spec.examples === undefined || spec.examples.length === 0) return '';
  return [page.bold('Examples:'), ...spec.examples.map((example) => `  ${example}`)].join('\n');
}

function commandRow({ word, spec }: CommandNode): readonly [string, string] {
  return [word, spec?.summary ?? ''];
}

function flagSection(page: Page, title: string, flags: readonly FlagSpec[]): string {
  const shown = flags.filter(({ hidden }) => hidden !== true);
  return rows(
    page,
    title,
    shown.map((flag) => [flagForm(flag), flagText(flag)] as const),
  );
}

/** `-u, --url <text>`, indented alike with and without a short form. */
function flagForm(flag: FlagSpec): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  return `${short}--${flag.name}${valueForm(flag)}`;
}

function valueForm(flag: FlagSpec): string {
  const kind = flag.kind ?? 'bool';
  if (kind === 'bool') return '';
  const value = flag.values === undefined ? VALUE_WORDS[kind] : flag.values.join('|');
  return flag.bare === undefined ? ` <${value}>` : `[=<${value}>]`;
}

const VALUE_WORDS = {
  string: 'text',
  int: 'number',
  float: 'number',
  duration: 'duration',
  list: 'a,b,…',
  array: 'text',
} as const;

function flagText(flag: FlagSpec): string {
  const notes = [
    ...(flag.required === true ? ['required'] : []),
    ...(flag.kind === 'array' ? ['may be given several times'] : []),
    ...(flag.default === undefined ? [] : [`default ${flag.default}`]),
  ];
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join('; ')})`;
}

/** A titled two-column list; texts wrap under themselves. '' when there is nothing to list. */
function rows(page: Page, title: string, entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return '';
  const left = Math.min(30, Math.max(...entries.map(([name]) => name.length)));
  const room = Math.max(24, page.width - left - 4);
  const lines = entries.flatMap(([name, text]) => {
    const [first = '', ...rest] = wrap(text, room);
    const indent = ' '.repeat(left + 4);
    const head = name.length > left ? [`  ${name}`, indent + first] : [`  ${name.padEnd(left)}  ${first}`];
    return [...head, ...rest.map((line) => indent + line)].map((line) => line.trimEnd());
  });
  return [page.bold(`${title}:`), ...lines].join('\n');
}
