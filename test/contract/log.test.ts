import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/adapters/log.ts';
import { createFakeLog } from '../fakes/log.ts';
import { tempDirs } from '../support/temp-dir.ts';
import { logContract } from './log.contract.ts';

const tempDir = tempDirs();

describe('a log that remembers', () => {
  logContract(() => {
    const log = createFakeLog();
    return { log, read: async () => JSON.stringify(log.entries) };
  });
});

describe('a log file', () => {
  const openLog = (level: 'debug' | 'warn') => {
    const file = join(tempDir(), 'logs/gt.log');
    const read = async (): Promise<string> => {
      // pino is loaded behind the first line.
      await import('pino');
      await new Promise((resolve) => setImmediate(resolve));
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    return { log: createLog({ level, file }), file, read };
  };
  logContract(() => openLog('debug'));

  it('is only the owner’s, one JSON object per line', async () => {
    const { log, file, read } = openLog('debug');
    log.info('one');
    log.debug('two', { n: 1 });
    expect(
      (await read())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).msg),
    ).toEqual(['one', 'two']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not even opened for lines below its level', async () => {
    const { log, file, read } = openLog('warn');
    log.debug('no');
    log.info('no');
    await read();
    expect(existsSync(file)).toBe(false);
  });

  it('loses nothing when the process ends right after the line', () => {
    const file = join(tempDir(), 'gt.log');
    const module = new URL('../../src/adapters/log.ts', import.meta.url).href;
    const script = `import { createLog } from '${module}'; createLog({ level: 'info', file: '${file}' }).info('last words'); process.exit(0)`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
    expect(readFileSync(file, 'utf8')).toContain('last words');
  });

  it.runIf(existsSync('/dev/full'))('on a full disk costs lines, never the process', () => {
    const module = new URL('../../src/adapters/log.ts', import.meta.url).href;
    const script = `import { createLog } from '${module}'; const log = createLog({ level: 'info', file: '/dev/full' });
      for (const text of ['one', 'two']) { log.info(text); await import('pino'); await new Promise(setImmediate); }`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'pipe' });
  });
});
