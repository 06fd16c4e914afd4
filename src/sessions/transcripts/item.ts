import { printable } from '../../core/text.ts';

/** Something that happened in a conversation, whatever program wrote it down. Texts are safe to print. */
export type TranscriptItem = { readonly at: number | undefined } & (
  | { readonly kind: 'said'; readonly by: 'user' | 'agent'; readonly text: string }
  | { readonly kind: 'ran'; readonly command: string }
  /** A file was written or edited by a tool. */
  | { readonly kind: 'wrote'; readonly path: string }
  /** What a tool gave back, or the screen showed. */
  | { readonly kind: 'saw'; readonly text: string }
  /** `call` names the request that they were used for: it may be told several times, the last counts. */
  | { readonly kind: 'used'; readonly call: string; readonly tokens: Tokens }
);

export interface Tokens {
  /** Read anew, without what came from the cache. */
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

/** The items of one piece of a transcript (a line, a row); [] for what is torn, unknown or of no interest. */
export type ParsePiece = (piece: string) => readonly TranscriptItem[];

/** Unix ms of an RFC 3339 text or of a number of milliseconds. */
export function timeOf(value: string | number | undefined): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return time === undefined || Number.isNaN(time) ? undefined : time;
}

export function said(at: number | undefined, by: 'user' | 'agent', text: string): readonly TranscriptItem[] {
  const clean = printable(text).trim();
  return clean === '' ? [] : [{ kind: 'said', at, by, text: clean }];
}

export function saw(at: number | undefined, text: string): readonly TranscriptItem[] {
  const clean = printable(text).trimEnd();
  return clean.trim() === '' ? [] : [{ kind: 'saw', at, text: clean }];
}

/** What a tool was asked to do: its command or the file it changes. The names are those of all known runtimes. */
export function toolItems(
  at: number | undefined,
  name: string,
  input: Readonly<Record<string, unknown>>,
): readonly TranscriptItem[] {
  const text = (...keys: readonly string[]): string | undefined => {
    for (const key of keys) {
      const value = input[key];
      if (typeof value === 'string' && value !== '') return printable(value);
      if (Array.isArray(value) && value.length > 0) return printable(value.map(String).join(' '));
    }
    return undefined;
  };
  if (SHELLS.test(name)) {
    const command = text('command', 'cmd');
    return command === undefined ? [] : [{ kind: 'ran', at, command }];
  }
  if (!EDITORS.test(name)) return [];
  const path = text('file_path', 'filePath', 'notebook_path', 'path');
  return path === undefined ? [] : [{ kind: 'wrote', at, path }];
}

const SHELLS = /^(?:bash|shell|local_shell|shell_command|exec_command|run_shell_command)$/i;
const EDITORS = /^(?:edit|write|multiedit|notebookedit|write_file|replace|patch)$/i;

/** JSON of another program; undefined when it is torn. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
