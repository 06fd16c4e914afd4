export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~' | '!~';

/** One comparison of a query. */
export interface Comparison {
  readonly kind: 'compare';
  /** As typed, lower case. */
  readonly field: string;
  readonly op: Operator;
  readonly value: string;
}

/** A parsed query: what must hold of a bead. */
export type QueryNode =
  | Comparison
  | { readonly kind: 'not'; readonly operand: QueryNode }
  | { readonly kind: 'and' | 'or'; readonly left: QueryNode; readonly right: QueryNode };

/** All comparisons of a query, left to right. */
export function comparisonsOf(node: QueryNode): readonly Comparison[] {
  switch (node.kind) {
    case 'compare':
      return [node];
    case 'not':
      return comparisonsOf(node.operand);
    case 'and':
    case 'or':
      return [...comparisonsOf(node.left), ...comparisonsOf(node.right)];
  }
}

/** The query with every pair in parentheses: how it was understood. */
export function queryText(node: QueryNode): string {
  switch (node.kind) {
    case 'compare':
      return `${node.field}${node.op}${/^[^\s()=!<>~'"]+$/.test(node.value) ? node.value : JSON.stringify(node.value)}`;
    case 'not':
      return `NOT ${queryText(node.operand)}`;
    case 'and':
    case 'or':
      return `(${queryText(node.left)} ${node.kind.toUpperCase()} ${queryText(node.right)})`;
  }
}

/** All of them; undefined for none. */
export function allNodes(nodes: readonly QueryNode[]): QueryNode | undefined {
  return nodes.reduce<QueryNode | undefined>(
    (left, right) => (left === undefined ? right : { kind: 'and', left, right }),
    undefined,
  );
}
