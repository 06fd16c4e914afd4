import { BugError } from '../core/errors.ts';
import type { CommandSpec } from './command.ts';

/** The flat list of specs as a tree by the words of their paths. */
export interface CommandNode {
  /** '' for the program itself. */
  readonly word: string;
  /** undefined for the program itself. */
  readonly spec: CommandSpec | undefined;
  readonly children: readonly CommandNode[];
}

interface GrowingNode {
  readonly word: string;
  readonly spec: CommandSpec | undefined;
  readonly children: GrowingNode[];
}

/** Throws BugError `bug.registry` when a path occurs twice or lacks its parent. */
export function commandTree(commands: readonly CommandSpec[]): CommandNode {
  const root: GrowingNode = { word: '', spec: undefined, children: [] };
  const byPath = new Map<string, GrowingNode>([['', root]]);
  const byDepth = commands.toSorted((a, b) => depth(a.path) - depth(b.path));
  for (const spec of byDepth) {
    const cut = spec.path.lastIndexOf(' ');
    const parent = byPath.get(cut < 0 ? '' : spec.path.slice(0, cut));
    if (parent === undefined) throw registryMistake(`command '${spec.path}' has no parent`);
    if (byPath.has(spec.path)) throw registryMistake(`command '${spec.path}' is there twice`);
    const node = { word: spec.path.slice(cut + 1), spec, children: [] };
    parent.children.push(node);
    byPath.set(spec.path, node);
  }
  return root;
}

function registryMistake(message: string): BugError {
  return new BugError({ code: 'bug.registry', message: `the command registry is wrong: ${message}` });
}

function depth(path: string): number {
  let words = 1;
  for (const letter of path) if (letter === ' ') words += 1;
  return words;
}

/** Names that select `node` among its siblings. */
export function namesOf(node: CommandNode): readonly string[] {
  return [node.word, ...(node.spec?.aliases ?? [])];
}

export function visibleChildren(node: CommandNode): readonly CommandNode[] {
  return node.children
    .filter((child) => child.spec?.hidden !== true)
    .toSorted((a, b) => (a.word < b.word ? -1 : 1));
}
