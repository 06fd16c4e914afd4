import type { Style } from '../context.ts';

/** SGR code pairs: on, off. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export const PLAIN: Style = {
  bold: same,
  dim: same,
  red: same,
  green: same,
  yellow: same,
  blue: same,
  cyan: same,
};

export const COLOURED: Style = {
  bold: sgr('bold'),
  dim: sgr('dim'),
  red: sgr('red'),
  green: sgr('green'),
  yellow: sgr('yellow'),
  blue: sgr('blue'),
  cyan: sgr('cyan'),
};

/** NO_COLOR (any value) and CLICOLOR=0 beat CLICOLOR_FORCE; without them only a terminal gets colour. */
export function wantsColour(env: Readonly<Record<string, string>>, isTTY: boolean): boolean {
  if (env['NO_COLOR'] !== undefined || env['CLICOLOR'] === '0') return false;
  /* Agents read the text: escape sequences would only cost them tokens. */
  if (env['GT_AGENT_MODE'] === '1' || env['CLAUDE_CODE'] !== undefined) return false;
  const forced = env['CLICOLOR_FORCE'];
  return (forced !== undefined && forced !== '0') || (isTTY && env['TERM'] !== 'dumb');
}

function sgr(name: keyof typeof CODES): (text: string) => string {
  const [on, off] = CODES[name];
  return (text) => (text === '' ? text : `\u001B[${on}m${text}\u001B[${off}m`);
}

function same(text: string): string {
  return text;
}
