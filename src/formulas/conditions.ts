import type { Values } from './variables.ts';

/** `{{v}}`, `!{{v}}`, `{{v}} == x`, `{{v}} != x`; undefined = cannot be read. */
export function readCondition(text: string, values: Values): boolean | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return true;
  const [, not, name, operator, raw] =
    /^(!?)\{\{([A-Za-z_]\w*)\}\}(?:\s*(==|!=)\s*(.+))?$/.exec(trimmed) ?? [];
  if (name === undefined || (not === '!' && operator !== undefined)) return undefined;
  const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
  if (operator === undefined || raw === undefined) return isTrue(value) === (not === '');
  return (value === unquoted(raw.trim())) === (operator === '==');
}

function isTrue(value: string): boolean {
  return !['', 'false', '0', 'no', 'off'].includes(value.toLowerCase());
}

export function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text;
}
