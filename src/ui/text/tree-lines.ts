/** Something at a place in a tree, with the branches drawn that lead to it. */
export interface TreeLine<T> {
  readonly item: T;
  /** '' for roots; else `│  ├─ ` and the like. */
  readonly prefix: string;
}

/** Draws branches for nodes in the order they are read, roots at depth 0. */
export function treeLines<T>(
  nodes: readonly { readonly item: T; readonly depth: number }[],
): readonly TreeLine<T>[] {
  // Read from the end: a branch goes on when a node of the same depth follows before a shallower one.
  const goesOn: boolean[] = [];
  const lines = nodes.toReversed().map(({ item, depth }) => {
    const prefix = Array.from({ length: depth }, (_, index) => {
      const more = goesOn[index + 1] === true;
      return index + 1 === depth ? (more ? '├─ ' : '└─ ') : more ? '│  ' : '   ';
    }).join('');
    goesOn.length = depth;
    goesOn[depth] = true;
    return { item, prefix };
  });
  return lines.reverse();
}

/** Items below the parents that are in the list as well, otherwise in their order; without `parentOf` as they are. */
export function treeOrder<T extends { readonly id: string }>(
  items: readonly T[],
  parentOf?: (item: T) => string | undefined,
): readonly TreeLine<T>[] {
  if (parentOf === undefined) return items.map((item) => ({ item, prefix: '' }));
  const ids = new Set(items.map((item) => item.id));
  const parentIn = (item: T): string => {
    const parent = parentOf(item);
    return parent !== undefined && ids.has(parent) ? parent : '';
  };
  const children = Map.groupBy(items, parentIn);
  const nodes: { readonly item: T; readonly depth: number }[] = [];
  const left = new Set(items);
  const add = (roots: readonly T[]): void => {
    const stack = roots.map((item) => ({ item, depth: 0 })).toReversed();
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (!left.delete(node.item)) continue;
      nodes.push(node);
      const depth = node.depth + 1;
      for (const item of (children.get(node.item.id) ?? []).toReversed()) stack.push({ item, depth });
    }
  };
  add(children.get('') ?? []);
  // What is left hangs below itself: foreign writers can make such rings.
  for (const item of items) if (left.has(item)) add([item]);
  return treeLines(nodes);
}
