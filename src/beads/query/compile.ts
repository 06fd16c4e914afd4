import { UsageError } from '../../core/errors.ts';
import { childEdges } from '../read/child-edges.ts';
import { condition, contains, type Condition } from '../sql/conditions.ts';
import { canonicalType, parsePriority } from '../words/kinds.ts';
import { TABLES, type BeadTable } from '../sql/rows.ts';
import type { LedgerScope } from '../sql/scope.ts';
import { metadataPath } from '../words/texts.ts';
import { isWholeDay, parseWhen } from '../words/when.ts';
import { fieldOf, type Field } from './fields.ts';
import type { Comparison, QueryNode } from './node.ts';

interface Target {
  readonly scope: LedgerScope;
  readonly table: BeadTable;
}

/**
 * A query as a condition on the table `b`; values travel as parameters only. No comparison is ever NULL, so NOT turns
 * each into its opposite. Throws UsageError `query.field`, `query.value`, `bead.bad-time`, `bead.bad-priority`.
 */
export function queryCondition(node: QueryNode, target: Target): Condition {
  switch (node.kind) {
    case 'compare':
      return comparison(node, target);
    case 'not':
      return negated(queryCondition(node.operand, target));
    case 'and':
    case 'or': {
      const [left, right] = [queryCondition(node.left, target), queryCondition(node.right, target)];
      return condition(
        `(${left.sql}) ${node.kind === 'and' ? 'AND' : 'OR'} (${right.sql})`,
        ...left.values,
        ...right.values,
      );
    }
  }
}

function comparison(node: Comparison, target: Target): Condition {
  const field = fieldOf(node);
  if (node.op === '!=' || node.op === '!~') {
    return negated(comparison({ ...node, op: node.op === '!=' ? '=' : '~' }, target));
  }
  const column = `b.${field.column}`;
  switch (field.kind) {
    case 'status':
      return condition(`${column} = ?`, node.value.toLowerCase());
    case 'type':
      return condition(`${column} = ?`, canonicalType(node.value));
    case 'priority':
      return condition(`${column} ${node.op} ?`, parsePriority(node.value));
    case 'text':
      return isNone(node) ? condition(`${column} = ''`) : contains(column, node.value);
    case 'word':
      return wordCondition(`COALESCE(${column}, '')`, node);
    case 'time':
      return timeCondition(column, field, node, target.scope.now());
    case 'flag':
      return condition(`COALESCE(${column}, 0) = ?`, flagOf(node));
    case 'label':
      return labelCondition(node, target.table);
    case 'parent':
      return childEdges(target.table, isNone(node) ? undefined : [node.value]);
    case 'metadata':
      return wordCondition(metadataText(target, node.field.slice('metadata.'.length)), node);
    case 'metadata-key':
      return condition(`${metadataText(target, node.value)} <> ''`);
  }
}

function negated(inner: Condition): Condition {
  return condition(`NOT (${inner.sql})`, ...inner.values);
}

/** `none` (and nothing at all) asks for beads without a value. */
function isNone({ op, value }: Comparison): boolean {
  return op === '=' && /^(?:none|null)?$/i.test(value);
}

/** A value compared as a whole; `*` in it stands for anything, in upper or lower case then. */
function wordCondition(expression: string, node: Comparison): Condition {
  if (node.op === '~') return contains(expression, node.value);
  if (isNone(node)) return condition(`${expression} = ''`);
  return isPattern(node.value)
    ? condition(`LOWER(${expression}) LIKE LOWER(?) ESCAPE '!'`, patternOf(node.value))
    : condition(`${expression} = ?`, node.value);
}

function isPattern(value: string): boolean {
  return value.includes('*');
}

function patternOf(value: string): string {
  return value.replaceAll(/[!%_]/g, '!$&').replaceAll('*', '%');
}

function metadataText({ scope }: Target, key: string): string {
  return `COALESCE(${scope.dialect.jsonText('b.metadata', metadataPath(key))}, '')`;
}

function labelCondition(node: Comparison, table: BeadTable): Condition {
  const { labels } = TABLES[table];
  if (isNone(node)) return condition(`b.id NOT IN (SELECT issue_id FROM ${labels})`);
  const held = wordCondition('label', node);
  return condition(`b.id IN (SELECT issue_id FROM ${labels} WHERE ${held.sql})`, ...held.values);
}

/** A day (`2026-11-22`, `today`) is all of its hours: `=` is within, `<=` is up to its end. */
function timeCondition(column: string, field: Field, node: Comparison, now: number): Condition {
  if (isNone(node)) return condition(`${column} IS NULL`);
  const at = parseWhen(node.value, now, field.direction ?? 'ago');
  const day = at.slice(0, 10);
  const held = (sql: string, ...values: readonly string[]): Condition =>
    condition(`${column} IS NOT NULL AND ${sql}`, ...values);
  if (node.op === '=') return held(`${column} >= ? AND ${column} <= ?`, `${day} 00:00:00`, `${day} 23:59:59`);
  const end = node.op === '<=' && isWholeDay(node.value) ? `${day} 23:59:59` : at;
  return held(`${column} ${node.op} ?`, end);
}

function flagOf({ field, value }: Comparison): number {
  if (/^(?:true|yes|1)$/i.test(value)) return 1;
  if (/^(?:false|no|0)$/i.test(value)) return 0;
  throw new UsageError({
    code: 'query.value',
    message: `${field} is true or false, not '${value.slice(0, 40)}'`,
    hint: `Write ${field}=true`,
  });
}
