import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { recordedSpawn, recordingName } from '../core/recording-name.ts';
import type { Size } from './screen.ts';

/** A full file is put aside once; so an agent takes at most twice this. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Starts of one session that are kept. */
const KEPT_STARTS = 5;
const FLUSH_MS = 500;

export interface RecordingSpec {
  readonly folder: string;
  readonly session: string;
  readonly spawn: number;
  readonly size: Size;
  readonly now: () => number;
}

/**
 * The session as asciicast v2 (docs.asciinema.org): a header line, then `[seconds, "o"|"r", text]`. What is typed is
 * not recorded: it may be a secret. Losing the recording (disk full) never disturbs the agent.
 */
export interface Recording {
  output(bytes: Uint8Array): void;
  resized(size: Size): void;
  /** Bytes not yet written. */
  pending(): number;
  close(): Promise<void>;
}

export function startRecording(spec: RecordingSpec): Recording {
  const path = join(spec.folder, recordingName(spec.session, spec.spawn));
  const began = spec.now();
  const decoder = new StringDecoder('utf8');
  const writer = createWriter(path, () => headerOf(spec));
  const event = (kind: 'o' | 'r', text: string): void => {
    const seconds = ((spec.now() - began) / 1000).toFixed(3);
    writer.add(`[${seconds}, "${kind}", ${JSON.stringify(text)}]\n`);
  };
  try {
    mkdirSync(spec.folder, { recursive: true, mode: 0o700 });
    removeOld(spec.folder, spec.session);
  } catch {
    // The writer meets the same trouble and then drops what it is given.
  }
  return {
    output: (bytes) => {
      const text = decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      if (text !== '') event('o', text);
    },
    resized: ({ columns, rows }) => event('r', `${columns}x${rows}`),
    pending: () => writer.pending(),
    close: () => writer.close(),
  };
}

function headerOf({ session, size, now }: RecordingSpec): string {
  const header = {
    version: 2,
    width: size.columns,
    height: size.rows,
    timestamp: Math.floor(now() / 1000),
    title: session,
    env: { TERM: 'xterm-256color' },
  };
  return `${JSON.stringify(header)}\n`;
}

/** Recordings of older starts; this start's own file is not there yet. */
function removeOld(folder: string, session: string): void {
  const own = readdirSync(folder).flatMap((name) => {
    const spawn = recordedSpawn(session, name);
    return spawn === undefined ? [] : [{ name, spawn }];
  });
  const starts = [...new Set(own.map(({ spawn }) => spawn))].sort((a, b) => b - a).slice(0, KEPT_STARTS - 1);
  for (const { name, spawn } of own) {
    if (!starts.includes(spawn)) rmSync(join(folder, name), { force: true });
  }
}

interface Writer {
  add(text: string): void;
  pending(): number;
  close(): Promise<void>;
}

/** Collects text and writes it in the background, one write at a time. */
function createWriter(path: string, header: () => string): Writer {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let fileBytes = 0;
  let file: FileHandle | undefined;
  let broken = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    waitingBytes = 0;
    if (text === '' || broken) return;
    if (file !== undefined && fileBytes > MAX_BYTES) {
      await file.close();
      renameSync(path, `${path}.1`);
      file = undefined;
    }
    if (file === undefined) {
      file = await open(path, 'w', 0o600);
      fileBytes = 0;
      await file.appendFile(header());
    }
    await file.appendFile(text);
    fileBytes += text.length;
  };
  const flush = (): Promise<void> => {
    timer = undefined;
    running = running.then(write).catch(() => {
      broken = true;
    });
    return running;
  };
  return {
    add: (text) => {
      if (broken) return;
      waiting.push(text);
      waitingBytes += text.length;
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    pending: () => waitingBytes,
    close: async () => {
      clearTimeout(timer);
      await flush();
      await file?.close().catch(() => undefined);
    },
  };
}
