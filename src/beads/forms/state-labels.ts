import { UsageError } from '../../core/errors.ts';
import type { LedgerTx } from '../types.ts';

/** Operational state that agents keep on their own bead as labels `key:value` (`idle:3`); labels of gt are none. */
export type StateLabels = Readonly<Record<string, string>>;

export interface StateChange {
  /** `key=value` each. */
  readonly set: readonly string[];
  /** Keys whose number grows by one; absent counts as 0. */
  readonly increment: readonly string[];
  readonly remove: readonly string[];
}

const KEY = /^[A-Za-z][\w.-]{0,63}$/;
/** A comma would make two labels of one for those who list them. */
const VALUE = /^[^,\s\u0000-\u001F\u007F]{0,200}$/;

export function stateLabels(labels: readonly string[]): StateLabels {
  return Object.fromEntries(
    labels.flatMap((label) => {
      const [, key, value] = /^([^:]+):(.*)$/s.exec(label) ?? [];
      return key === undefined || value === undefined || key === 'gt' ? [] : [[key, value] as const];
    }),
  );
}

/** The state after a change: increments, then values, then removals. Pure. UsageError `state.bad`. */
function changeState(before: StateLabels, change: StateChange): StateLabels {
  const after: Record<string, string> = { ...before };
  for (const key of change.increment) {
    const value = after[checkedKey(key)] ?? '0';
    if (!/^\d+$/.test(value)) throw bad(`'${key}' holds '${value}', which is no number`);
    after[key] = String(Number(value) + 1);
  }
  for (const word of change.set) {
    const at = word.indexOf('=');
    if (at < 1) throw bad(`'${word.slice(0, 60)}' is not key=value`);
    const value = word.slice(at + 1);
    if (!VALUE.test(value)) throw bad('a value has no commas, blanks or control characters');
    after[checkedKey(word.slice(0, at))] = value;
  }
  const removed = new Set(change.remove);
  return Object.fromEntries(Object.entries(after).filter(([key]) => !removed.has(key)));
}

/** Changes the state labels of a bead inside one transaction: two writers never lose each other's. */
export async function writeState(tx: LedgerTx, id: string, change: StateChange): Promise<StateLabels> {
  const before = stateLabels((await tx.get(id))?.labels ?? []);
  const after = changeState(before, change);
  for (const [key, value] of Object.entries(before)) {
    if (after[key] !== value) await tx.removeLabel(id, `${key}:${value}`);
  }
  for (const [key, value] of Object.entries(after)) {
    if (before[key] !== value) await tx.addLabel(id, `${key}:${value}`);
  }
  return after;
}

function checkedKey(key: string): string {
  if (KEY.test(key) && key !== 'gt') return key;
  throw bad(`'${key.slice(0, 60)}' cannot name a state`);
}

function bad(message: string): UsageError {
  return new UsageError({ code: 'state.bad', message, hint: 'Write --set idle=0, --incr idle, --del idle' });
}
