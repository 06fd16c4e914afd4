/** Colours of a status bar: `#rrggbb`, or a name that tmux knows. */
export interface Colours {
  readonly bg: string;
  readonly fg: string;
}

const colours = (bg: string, fg = '#e0e0e0'): Colours => ({ bg, fg });

/** What a rig can have; a rig that chooses none gets the one its name hashes to. */
export const THEMES: Readonly<Record<string, Colours>> = {
  ocean: colours('#1e3a5f'),
  forest: colours('#2d5a3d'),
  rust: colours('#8b4513', '#f5f5dc'),
  plum: colours('#4a3050'),
  slate: colours('#4a5568'),
  ember: colours('#b33a00', '#f5f5dc'),
  midnight: colours('#1a1a2e', '#c0c0c0'),
  wine: colours('#722f37', '#f5f5dc'),
  teal: colours('#0d5c63'),
  copper: colours('#6d4c41', '#f5f5dc'),
};
export const THEME_NAMES: readonly string[] = Object.keys(THEMES);

/** Of the town's own agents. */
export const ROLE_COLOURS: Readonly<Record<'mayor' | 'deacon' | 'dog', Colours>> = {
  mayor: colours('default', 'default'),
  deacon: colours('#2d1f3d', '#c0b0d0'),
  dog: colours('#3d2f1f', '#d0c0a0'),
};

/** The theme of a rig that chose none: always the same one for the same name. */
export function themeByName(rig: string): string {
  return THEME_NAMES[fnv1a(rig) % THEME_NAMES.length] ?? 'ocean';
}

/** FNV-1a, 32 bits, of the UTF-8 bytes. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/**
 * A colour as tmux takes it: `#rrggbb` (also written `#rgb`), `colour123` or a name; undefined for anything else, which
 * could be more than a colour.
 */
export function parseColour(text: string): string | undefined {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short !== null)
    return `#${short
      .slice(1)
      .map((digit) => digit + digit)
      .join('')}`;
  return /^(?:#[0-9a-f]{6}|colou?r\d{1,3}|[a-z]{3,20})$/i.test(text) ? text : undefined;
}

/** Less of each channel; a colour that is no `#rrggbb` stays as it is. @param by from 0, the same, to 1, black */
export function darkened(colour: string, by: number): string {
  const [, ...channels] = /^#(..)(..)(..)$/.exec(colour) ?? [];
  if (channels.length !== 3) return colour;
  const keep = 1 - Math.min(1, Math.max(0, by));
  const hex = (channel: string): string =>
    Math.round(Number.parseInt(channel, 16) * keep)
      .toString(16)
      .padStart(2, '0');
  return `#${channels.map(hex).join('')}`;
}
