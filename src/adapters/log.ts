import { appendFileSync, writeSync } from 'node:fs';
import type { Logger } from 'pino';
import { messageOf } from '../core/errors.ts';
import { hideSecretValues, hideSecrets } from '../core/secrets.ts';
import type { Log, LogFields } from '../ports/log.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LEVELS)[number];
type Level = Exclude<LogLevel, 'silent'>;

export interface LogOptions {
  /** Least level that is written. */
  readonly level: LogLevel;
  /** Absent: stderr. */
  readonly file?: string;
}

interface Entry {
  readonly level: Level;
  readonly fields: object;
  readonly message: string;
}

/** Diagnostics as JSON lines through pino, which is loaded at the first line that is written at all. */
export function createLog(options: LogOptions): Log {
  const least = LEVELS.indexOf(options.level);
  let sink: Logger | undefined;
  let waiting: Entry[] | undefined;
  const write = (level: Level, message: string, fields: LogFields | undefined): void => {
    if (LEVELS.indexOf(level) < least) return;
    const hidden = hideSecretValues(fields ?? {});
    const entry = { level, message: hideSecrets(message), fields: Object(hidden) };
    if (sink !== undefined) sink[level](entry.fields, entry.message);
    else if (waiting !== undefined) waiting.push(entry);
    else open(entry);
  };
  const open = (first: Entry): void => {
    const queue = [first];
    waiting = queue;
    // A command may end before pino is there: its lines are then written as the process exits.
    const flush = (): void => writePlainly(options.file, queue.splice(0));
    process.once('exit', flush);
    openPino(options).then(
      (logger) => {
        for (const entry of queue.splice(0)) logger[entry.level](entry.fields, entry.message);
        sink = logger;
        process.off('exit', flush);
      },
      (error: unknown) => {
        queue.push({ level: 'error', fields: {}, message: `no log: ${messageOf(error)}` });
        writePlainly(undefined, queue.splice(0));
      },
    );
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

async function openPino(options: LogOptions): Promise<Logger> {
  const { pino } = await import('pino');
  const sink = pino.destination({
    ...(options.file === undefined ? { fd: 2 } : { dest: options.file, mkdir: true, mode: 0o600 }),
    // Lines must be on disk when the process is killed a moment later.
    sync: true,
  });
  // A full disk costs lines, never the process.
  sink.on('error', () => undefined);
  const level = options.level;
  return pino({ level, timestamp: pino.stdTimeFunctions.isoTime, base: { pid: process.pid } }, sink);
}

function writePlainly(file: string | undefined, entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  const text = entries
    .map(({ level, message, fields }) => `${JSON.stringify({ level, ...fields, msg: message })}\n`)
    .join('');
  if (file === undefined) writeSync(2, text);
  else appendFileSync(file, text, { mode: 0o600 });
}
