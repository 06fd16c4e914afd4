import { lastRows } from './rows.ts';

/** Limits are told at the end of the screen: higher up they may be an agent's quotation. */
const BOTTOM_ROWS = 20;
/** How long a limit without a reset time keeps us from typing. */
export const UNKNOWN_LIMIT_MS = 5 * 60_000;

export interface LimitNotice {
  /** The row that says so. */
  readonly text: string;
  /** Unix ms, when the row names a time. */
  readonly reset: number | undefined;
}

/** @param wall Unix ms now */
export function findLimit(
  rows: readonly string[],
  patterns: readonly RegExp[],
  wall: number,
): LimitNotice | undefined {
  const row = lastRows(rows, BOTTOM_ROWS).findLast((text) => patterns.some((pattern) => pattern.test(text)));
  return row === undefined ? undefined : { text: row.trim(), reset: parseReset(row, wall) };
}

const CLOCK = /\b(?:resets?|try again|available)(?:\s+(?:at|in))?\s+(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\b/i;
const SPAN = /\b(?:resets?|try again|retry)\s+in\s+(\d+)\s*(seconds?|s|minutes?|min|m|hours?|h)\b/i;
const SPAN_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `resets 7pm`, `resets 3:30am`, `try again in 20 minutes`: the next such moment in local time. */
export function parseReset(text: string, wall: number): number | undefined {
  const [, amount, unit = 's'] = SPAN.exec(text) ?? [];
  if (amount !== undefined) return wall + Number(amount) * (SPAN_MS[unit.charAt(0).toLowerCase()] ?? 1000);
  const [, hourText, minuteText = '0', half] = CLOCK.exec(text) ?? [];
  if (hourText === undefined) return undefined;
  const hour = hourOf(Number(hourText), half?.toLowerCase());
  const minute = Number(minuteText);
  return hour === undefined || minute > 59 ? undefined : nextMoment(wall, hour, minute);
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour <= 23 ? hour : undefined;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'pm' ? 12 : 0);
}

/** "resets 3am" read at 11 pm is tomorrow. */
function nextMoment(wall: number, hour: number, minute: number): number {
  const at = new Date(wall);
  at.setHours(hour, minute, 0, 0);
  if (at.getTime() <= wall) at.setDate(at.getDate() + 1);
  return at.getTime();
}
