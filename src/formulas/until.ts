import { unquoted } from './conditions.ts';

/** What a finished round left: step id (as in the loop's body) → its bead. */
export interface RoundFacts {
  /** Status of the bead; `closed` also answers to `complete` and `done`. */
  readonly status: string;
  /** `metadata.output` of the bead. */
  readonly output: unknown;
}

interface Until {
  readonly step: string;
  /** [] = the status. */
  readonly path: readonly string[];
  readonly operator: '==' | '!=' | '>=' | '<=' | '>' | '<';
  readonly value: string;
}

/** Why `until` cannot be read, or undefined. */
export function checkUntil(text: string): string | undefined {
  return parseUntil(text) === undefined
    ? "write <step>.status == 'complete' or <step>.output.<field> == <value>"
    : undefined;
}

/** Whether the loop is over after a round. */
export function isOver(text: string, round: ReadonlyMap<string, RoundFacts>): boolean {
  const until = parseUntil(text);
  const facts = until === undefined ? undefined : (round.get(until.step) ?? lastOf(round, until.step));
  if (until === undefined || facts === undefined) return false;
  if (until.path.length === 0)
    return compare(statusWord(facts.status), until.operator, statusWord(until.value));
  let value: unknown = facts.output;
  for (const key of until.path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return (
    value !== undefined &&
    compare(typeof value === 'string' ? value : JSON.stringify(value), until.operator, until.value)
  );
}

/** `step` stands for the last step of the body. */
function lastOf(round: ReadonlyMap<string, RoundFacts>, word: string): RoundFacts | undefined {
  return word === 'step' ? [...round.values()].at(-1) : undefined;
}

function parseUntil(text: string): Until | undefined {
  const match = /^([\w-]+(?:\.[\w-]+)*?)\.(status|output(?:\.\w+)+)\s*(==|!=|>=|<=|>|<)\s*(.+)$/.exec(
    text.trim(),
  );
  const [, step, field, operator, value] = match ?? [];
  if (step === undefined || field === undefined || value === undefined) return undefined;
  return {
    step,
    path: field === 'status' ? [] : field.split('.').slice(1),
    operator: (operator ?? '==') as Until['operator'],
    value: unquoted(value.trim()),
  };
}

function statusWord(status: string): string {
  return status === 'complete' || status === 'completed' || status === 'done' ? 'closed' : status;
}

function compare(left: string, operator: Until['operator'], right: string): boolean {
  const [a, b] = [left, right].map(Number);
  const order = a === undefined || b === undefined || Number.isNaN(a) || Number.isNaN(b) ? undefined : a - b;
  switch (operator) {
    case '==':
      return left === right || order === 0;
    case '!=':
      return left !== right && order !== 0;
    case '>=':
      return order !== undefined && order >= 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '<':
      return order !== undefined && order < 0;
  }
}
