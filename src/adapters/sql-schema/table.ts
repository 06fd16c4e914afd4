/**
 * Tables as data: one definition, rendered for MySQL (Dolt) and for SQLite. The notation holds exactly what
 * the ledger's schema needs, no more.
 */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly primaryKey: readonly string[];
  readonly uniques?: readonly Index[];
  readonly indexes?: readonly Index[];
  readonly foreignKeys?: readonly ForeignKey[];
  /** Name of the CHECK that exactly one of `exactlyOneOf` is set. */
  readonly oneTarget?: { readonly name: string; readonly exactlyOneOf: readonly string[] };
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly default?: ColumnDefault;
  /** MySQL keeps it current on every UPDATE; on SQLite the ledger sets it. */
  readonly touchedOnUpdate?: true;
}

export type ColumnType =
  | { readonly kind: 'varchar'; readonly size: number }
  | {
      readonly kind: 'uuid' | 'text' | 'longtext' | 'int' | 'bigint' | 'flag' | 'datetime' | 'json' | 'blob';
    };

export type ColumnDefault =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'now' }
  | { readonly kind: 'new-uuid' }
  | { readonly kind: 'empty-object' };

export interface Index {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Always ON DELETE CASCADE ON UPDATE CASCADE to the `id` of `to`. */
export interface ForeignKey {
  readonly name: string;
  readonly column: string;
  readonly to: 'issues' | 'wisps';
}

/** What a column builder may add: `notNull`, a literal default, or both. */
interface ColumnOptions {
  readonly notNull?: true;
  readonly default?: string | number;
}

export function varchar(name: string, size: number, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'varchar', size }, options);
}

export function text(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'text' }, options);
}

export function longtext(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'longtext' }, options);
}

export function int(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'int' }, options);
}

export function bigint(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'bigint' }, options);
}

/** 0 or 1. */
export function flag(name: string, options: ColumnOptions = { default: 0 }): Column {
  return column(name, { kind: 'flag' }, options);
}

export function datetime(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'datetime' }, options);
}

export function blob(name: string, options: ColumnOptions = {}): Column {
  return column(name, { kind: 'blob' }, options);
}

/** A JSON column without default. */
export function json(name: string): Column {
  return column(name, { kind: 'json' }, {});
}

/** A JSON column that starts as `{}`. */
export function jsonObject(name: string): Column {
  return { ...json(name), default: { kind: 'empty-object' } };
}

/** A UTC time that starts as now. */
export function createdNow(name: string, options: { readonly notNull?: true } = {}): Column {
  return { ...datetime(name, options), default: { kind: 'now' } };
}

/** A UTC time that starts as now and follows every update. */
export function updatedNow(name: string): Column {
  return { ...createdNow(name, { notNull: true }), touchedOnUpdate: true };
}

/** The usual key of rows that have no natural one. */
export function newUuid(name: string): Column {
  return { name, type: { kind: 'uuid' }, notNull: true, default: { kind: 'new-uuid' } };
}

/** Indexes of one column each, named `<prefix>_<column>`. */
export function indexEach(prefix: string, columns: readonly string[]): readonly Index[] {
  return columns.map((column) => ({ name: `${prefix}_${column}`, columns: [column] }));
}

function column(name: string, type: ColumnType, options: ColumnOptions): Column {
  const base = { name, type, notNull: options.notNull === true };
  return options.default === undefined
    ? base
    : { ...base, default: { kind: 'literal', value: options.default } };
}
