import { hideSecretValues, hideSecrets } from '../../src/core/secrets.ts';
import type { Log, LogFields } from '../../src/ports/log.ts';

export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: unknown;
}

export interface FakeLog extends Log {
  readonly entries: readonly LogEntry[];
}

/** Keeps what was logged, with secrets hidden as by the real one. */
export function createFakeLog(): FakeLog {
  const entries: LogEntry[] = [];
  const keep =
    (level: LogEntry['level']) =>
    (message: string, fields: LogFields = {}): void => {
      entries.push({ level, message: hideSecrets(message), fields: hideSecretValues(fields) });
    };
  return { entries, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
