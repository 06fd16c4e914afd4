import { join } from 'node:path';
import type { Files } from '../../ports/files.ts';

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
  const text = await files.readText(barsFile(root));
  return text === undefined ? undefined : parseBars(text);
}

/** By hand: a parser's start-up would be most of what a bar costs. The file is only ever written whole, by gt. */
function parseBars(text: string): KeptBars | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('at' in value) || !('bars' in value)) return undefined;
  const { at, bars } = value;
  if (typeof at !== 'number' || typeof bars !== 'object' || bars === null) return undefined;
  const texts = Object.entries(bars).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return { at, bars: Object.fromEntries(texts) };
}

export function barsFile(root: string): string {
  return join(root, '.runtime/status-bars.json');
}
