import type { InjectOutcome, PaneState } from '../../ports/panes.ts';

/**
 * What clients and pane hosts say to each other: one JSON line each way (DESIGN §4a). `spawn` is the start the
 * client means; a host of another start refuses.
 */
export type PaneRequest = { readonly spawn: number } & (
  | { readonly op: 'state' | 'restart' | 'stop' }
  | { readonly op: 'ready'; readonly conversation?: string }
  | { readonly op: 'subscribe' }
  | { readonly op: 'screen'; readonly lines: number }
  | {
      readonly op: 'inject';
      readonly text: string;
      readonly mode: 'when-idle' | 'immediate';
      readonly waitMs: number;
    }
  | { readonly op: 'key'; readonly key: PaneKey }
  | { readonly op: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly op: 'attach'; readonly columns: number; readonly rows: number }
);

const PANE_KEYS = ['enter', 'up', 'down', 'left', 'right', 'tab', 'escape', 'backspace'] as const;
export type PaneKey = (typeof PANE_KEYS)[number];

export type PaneReply =
  | { readonly ok: true; readonly state: PaneState }
  | { readonly ok: true; readonly text: string }
  | ({ readonly ok: true } & InjectOutcome)
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'stale' | 'refused' | 'bad-request'; readonly error: string };

/** Last bytes to a terminal that is let go because another one has attached; terminals ignore it. */
export const TAKEN_MARK = '\u001B]777;gt-taken\u0007';

const OPS = ['state', 'restart', 'stop', 'subscribe'] as const;

/** A request as it came over the socket; undefined when it makes no sense. */
export function parseRequest(value: unknown): PaneRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { op, spawn, text, mode, key, conversation } = fields;
  if (typeof spawn !== 'number') return undefined;
  const bare = OPS.find((name) => name === op);
  if (bare !== undefined) return { op: bare, spawn };
  const number = (name: string): number | undefined => {
    const found = fields[name];
    return typeof found === 'number' && Number.isInteger(found) && found >= 0 ? found : undefined;
  };
  if (op === 'ready') return { op, spawn, ...(typeof conversation === 'string' ? { conversation } : {}) };
  if (op === 'screen') return { op, spawn, lines: number('lines') ?? 100 };
  if (op === 'key') {
    const known = PANE_KEYS.find((name) => name === key);
    return known === undefined ? undefined : { op, spawn, key: known };
  }
  if (op === 'resize' || op === 'attach') {
    const [columns, rows] = [number('columns'), number('rows')];
    return columns === undefined || rows === undefined || columns === 0 || rows === 0
      ? undefined
      : { op, spawn, columns, rows };
  }
  if (op !== 'inject' || typeof text !== 'string') return undefined;
  if (mode !== 'when-idle' && mode !== 'immediate') return undefined;
  return { op, spawn, text, mode, waitMs: number('waitMs') ?? 0 };
}
