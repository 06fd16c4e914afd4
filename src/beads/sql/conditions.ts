import type { SqlValue } from '../../ports/store.ts';

/** A piece of a WHERE clause with its placeholders' values. Text from outside travels only in `values`. */
export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export function condition(sql: string, ...values: readonly SqlValue[]): Condition {
  return { sql, values };
}

/** All of them; none = true. */
export function allOf(parts: readonly (Condition | undefined)[]): Condition {
  const given = parts.filter((part) => part !== undefined);
  if (given.length === 0) return { sql: '1=1', values: [] };
  return {
    sql: given.map((part) => `(${part.sql})`).join(' AND '),
    values: given.flatMap((part) => part.values),
  };
}

/** `expression IN (…)`; an empty list holds for nothing. */
export function isIn(expression: string, values: readonly SqlValue[]): Condition {
  return values.length === 0
    ? { sql: '1=0', values: [] }
    : { sql: `${expression} IN (${placeholders(values.length)})`, values };
}

/** `expression NOT IN (…)`; an empty list holds for everything. */
export function isNotIn(expression: string, values: readonly SqlValue[]): Condition {
  return values.length === 0
    ? { sql: '1=1', values: [] }
    : { sql: `${expression} NOT IN (${placeholders(values.length)})`, values };
}

/**
 * Case-insensitive "contains". INSTR instead of LIKE: `%` and `_` in hostile text then mean nothing.
 */
export function contains(expression: string, needle: string): Condition {
  return { sql: `INSTR(LOWER(${expression}), LOWER(?)) > 0`, values: [needle] };
}

export function placeholders(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}

/** Slices for IN lists: Dolt plans them in quadratic time (`selectAt` where rows are read). */
export function batches<T>(items: readonly T[], size = 100): readonly (readonly T[])[] {
  const slices: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += size) slices.push(items.slice(start, start + size));
  return slices;
}
