/** `1 session`, `2 sessions`; `many` where an s does not do. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** Lower-case letters, digits and single dashes: a text as part of a branch name. */
export function slug(text: string, max: number): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, max)
    .replaceAll(/^-+|-+$/g, '');
}

/* The escape sequences of ECMA-48 (CSI, OSC, DCS, single-character) and every C0/C1 control but \n and \t. */
const SEQUENCES = /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][\s\S]*?(?:\u0007|\u001B\\|$)|[ -/]*[0-~])/g;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
/** Bidirectional overrides can make a line read as another one. */
const BIDI = /[\u202A-\u202E\u2066-\u2069]/g;

/** Text from beads, mail or remotes made safe to print: no escape sequence, control or direction override. */
export function printable(text: string): string {
  return text.replaceAll(SEQUENCES, '').replaceAll(CONTROLS, '').replaceAll(BIDI, '');
}

/** `printable`, on one line, cut to `max` code points with an ellipsis. */
export function oneLine(text: string, max = 200): string {
  const flat = printable(text).replaceAll(/\s+/g, ' ').trim();
  const points = Array.from(flat);
  return points.length <= max ? flat : `${points.slice(0, Math.max(0, max - 1)).join('')}…`;
}

/** The last non-empty lines, safe to print. */
export function lastLines(output: string, count: number): readonly string[] {
  const lines = printable(output)
    .split('\n')
    .map((line) => line.trimEnd().slice(0, 300))
    .filter((line) => line !== '');
  return lines.slice(-count);
}

/** `oneLine` for a place where tmux fills in formats: `#` starts one. */
export function tmuxText(text: string, max?: number): string {
  return oneLine(text, max).replaceAll('#', '##');
}
