import { expect, it } from 'vitest';
import type { Log } from '../../src/ports/log.ts';

/** Shaped like the keys of services; put together here so that no scanner takes this file for a leak. */
const KEYS = [['sk', 'ant', 'x'.repeat(24)].join('-'), `ghp_${'x'.repeat(36)}`, `AKIA${'X'.repeat(16)}`];

export interface LogUnderTest {
  readonly log: Log;
  /** Everything that was logged, as text. */
  readonly read: () => Promise<string>;
}

/** What every Log promises; run on each implementation. */
export function logContract(setUp: () => LogUnderTest): void {
  it('keeps messages with their fields, in order', async () => {
    const { log, read } = setUp();
    log.info('the daemon starts', { rig: 'demo' });
    log.error('the store is gone', { tries: 3 });
    const text = await read();
    expect(text.indexOf('the daemon starts')).toBeGreaterThan(-1);
    expect(text.indexOf('the store is gone')).toBeGreaterThan(text.indexOf('the daemon starts'));
    expect(text).toContain('demo');
  });

  it('hides secrets: by the name of a field, inside URLs and by their shape', async () => {
    const { log, read } = setUp();
    log.warn('cannot reach https://me:hunter2@host.test/r.git', {
      password: 'hunter3',
      nested: [{ API_KEY: 'hunter4' }],
      output: `Authorization: Bearer abcdefghijklmnop1234 and ${KEYS.join(' ')}`,
      cause: new Error('https://x:hunter5@h.test'),
    });
    const text = await read();
    expect(text).toContain('host.test/r.git');
    for (const secret of ['hunter', 'abcdefghijklmnop1234', ...KEYS]) {
      expect(text).not.toContain(secret);
    }
  });
}
