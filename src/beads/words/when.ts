import { UsageError } from '../../core/errors.ts';
import { parseTime, toSqlTime } from './times.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** Which way an amount without a sign goes. */
export type Direction = 'ago' | 'ahead';

/**
 * A time as people write it, as a column value: `+6h`, `-1d`, `2w`, `3m` (months), `1y`, `in 2 days`,
 * `3 days ago`, `last month`, `now`, `today`, `tomorrow`, `next friday`, a date or a full time. Amounts without a sign
 * go in `direction`; words of days and plain dates mean 00:00 UTC. Throws UsageError `bead.bad-time`.
 */
export function parseWhen(text: string, nowMs: number, direction: Direction = 'ahead'): string {
  const words = wordsOf(text);
  const found = shortAmount(words, nowMs, direction) ?? spokenAmount(words, nowMs) ?? dayWord(words, nowMs);
  if (found !== undefined && Math.abs(found) < 2 ** 47) return toSqlTime(found);
  // Date.parse also takes `7` and `12:00` for times.
  if (/^\d{4}-\d\d-\d\d/.test(words)) return parseTime(text.trim());
  throw new UsageError({
    code: 'bead.bad-time',
    message: `'${text.slice(0, 40)}' is not a time`,
    hint: 'Write 2d, +6h, tomorrow, next monday, 2030-01-31 or 2030-01-31T12:00:00Z',
  });
}

/** True for a word or date that means a day and not a moment of it. */
export function isWholeDay(text: string): boolean {
  const words = wordsOf(text);
  return /^\d{4}-\d\d-\d\d$/.test(words) || (words !== 'now' && dayWord(words, 0) !== undefined);
}

function wordsOf(text: string): string {
  return text.trim().toLowerCase().replaceAll(/\s+/g, ' ');
}

function shortAmount(words: string, nowMs: number, direction: Direction): number | undefined {
  const [, sign = '', amount = '', unit = ''] = /^([+-]?)(\d{1,6})([hdwmy])$/.exec(words) ?? [];
  if (unit === '') return undefined;
  const isAgo = sign === '' ? direction === 'ago' : sign === '-';
  return shift(nowMs, isAgo ? -Number(amount) : Number(amount), unit);
}

function spokenAmount(words: string, nowMs: number): number | undefined {
  const match =
    /^(?:(?<side>last|next)|(?:in )?(?<amount>\d{1,6}|an?)) (?<unit>hour|day|week|month|year)s?(?<ago> ago)?$/.exec(
      words,
    )?.groups;
  if (match === undefined) return undefined;
  const amount = /^\d/.test(match['amount'] ?? '') ? Number(match['amount']) : 1;
  const isAgo = match['ago'] !== undefined || match['side'] === 'last';
  return shift(nowMs, isAgo ? -amount : amount, match['unit']?.[0] ?? '');
}

function shift(nowMs: number, count: number, unit: string): number {
  if (unit === 'h') return nowMs + count * HOUR_MS;
  if (unit === 'd' || unit === 'w') return nowMs + count * (unit === 'w' ? 7 : 1) * DAY_MS;
  const date = new Date(nowMs);
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + count * (unit === 'y' ? 12 : 1);
  // A month after 31 January is the end of February, not a day in March.
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), last));
}

/** The start of a day: today, tomorrow, the coming or, with `last`, the past monday. */
function dayWord(words: string, nowMs: number): number | undefined {
  if (words === 'now') return nowMs;
  const midnight = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const near = ['yesterday', 'today', 'tomorrow'].indexOf(words);
  if (near >= 0) return midnight + (near - 1) * DAY_MS;
  const [, side, name] = /^(?:(last|next) )?([a-z]+)$/.exec(words) ?? [];
  const day = WEEKDAYS.findIndex((weekday) => weekday === name || weekday.slice(0, 3) === name);
  if (day < 0) return undefined;
  const ahead = (day - new Date(midnight).getUTCDay() + 7) % 7;
  if (side === 'last') return midnight + (ahead - 7) * DAY_MS;
  return midnight + (ahead === 0 ? 7 : ahead) * DAY_MS;
}
