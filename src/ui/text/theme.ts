import type { Theme } from '../../sessions/look/resolve.ts';

/** `gt theme --list`. */
export function renderThemes(
  themes: readonly { readonly name: string; readonly bg: string; readonly fg: string }[],
): string {
  const width = Math.max(...themes.map(({ name }) => name.length));
  const lines = themes.map(({ name, bg, fg }) => `  ${name.padEnd(width)}  ${bg} ${fg}`);
  return [
    'Themes (background and text of the status bar):',
    ...lines,
    '',
    'Choose one for a rig (project): gt theme <name>, or none',
  ].join('\n');
}

/** `gt theme`, also right after it was set. */
export function renderTheme(rig: string, { name, colours, source }: Theme, how: 'shown' | 'set'): string {
  const pair = colours === undefined ? "tmux's own colours" : `${colours.bg} ${colours.fg}`;
  const line = `${rig}: ${name} (${pair}), by ${source}`;
  return how === 'shown' ? line : `✓ ${line}\nSessions that run get it by: gt theme apply`;
}
