import type { Files } from '../../ports/files.ts';
import { townPaths } from '../../town/layout.ts';

/** What the status bar of each session shows now, ready for tmux. */
export type Bars = Readonly<Record<string, string>>;

export interface KeptBars {
  /** Unix ms. */
  readonly at: number;
  readonly bars: Bars;
}

/** Bars this old are shown without looking: thirty of them cost one look. */
export const FRESH_MS = 4000;

/** The bars that were drawn last; undefined when there are none, or none that can be read. */
export async function keptBars(files: Pick<Files, 'readText'>, root: string): Promise<KeptBars | undefined> {
  const [first = '', ...lines] = (await files.readText(townPaths(root).barsFile))?.split('\n') ?? [];
  if (!/^\d+$/.test(first)) return undefined;
  const bars = lines
    .filter((line) => line.includes(' '))
    .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const);
  return { at: Number(first) * 1000, bars: Object.fromEntries(bars) };
}

/**
 * Whole seconds since 1970, then `session text` line by line: a shell reads it too, and thirty bars would cost a third
 * of a core if each started a program to read it (see the tmux settings).
 */
export function formatBars({ at, bars }: KeptBars): string {
  const lines = Object.entries(bars).map(([session, text]) => `${session} ${text.replaceAll('\n', ' ')}`);
  return [String(Math.floor(at / 1000)), ...lines, ''].join('\n');
}
