import { UsageError } from '../../core/errors.ts';

/** Unix milliseconds as the ledger's column form `YYYY-MM-DD HH:MM:SS` UTC. Truncates: rounding up lies in the future. */
export function toSqlTime(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** A column value as RFC 3339, whole seconds. Accepts fractions and RFC 3339 that other writers left. */
export function toRfc3339(sqlTime: string): string {
  return `${sqlTime.slice(0, 10)}T${sqlTime.slice(11, 19)}Z`;
}

/** RFC 3339, a plain date or the column form as the column form. Throws UsageError `bead.bad-time`. */
export function parseTime(text: string): string {
  const plain = /^\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?$/.test(text);
  const unixMs = Date.parse(plain ? `${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}` : text);
  if (Number.isNaN(unixMs)) {
    throw new UsageError({
      code: 'bead.bad-time',
      message: `'${text.slice(0, 40)}' is not a time`,
      hint: 'Write 2030-01-31 or 2030-01-31T12:00:00Z',
    });
  }
  return toSqlTime(unixMs);
}
