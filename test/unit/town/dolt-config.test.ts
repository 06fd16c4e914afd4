import { describe, expect, it } from 'vitest';
import { doltServerEnv, readDoltTuning, renderDoltConfig } from '../../../src/town/dolt-config.ts';

describe('config.yaml of the Dolt server', () => {
  it('binds to loopback, commits nothing by itself, and tells whose data it serves', () => {
    const yaml = renderDoltConfig({
      dataDir: '/t/.dolt-data',
      port: 4001,
      logLevel: 'warning',
      idleSeconds: 30,
    });
    expect(yaml).toContain('host: 127.0.0.1\n  port: 4001\n');
    expect(yaml).toContain('dolt_transaction_commit: false');
    expect(yaml).toContain('auto_gc_behavior:\n    enable: true\n    archive_level: 1');
    expect(yaml).toContain('datadir: "/t/.dolt-data"');
    expect(yaml).toContain('secure_file_priv: "/t/.dolt-data/.no-files"');
  });

  it('keeps odd folder names inside their quotes', () => {
    const yaml = renderDoltConfig({ dataDir: '/a "b": c\\d', port: 1, logLevel: 'info', idleSeconds: 1 });
    expect(yaml).toContain('data_dir: "/a \\"b\\": c\\\\d"\n');
  });

  it('takes a log level and an idle time from the environment, and ignores nonsense', () => {
    expect(readDoltTuning({ GT_DOLT_LOGLEVEL: 'debug', GT_DOLT_WAIT_TIMEOUT: '5' })).toEqual({
      logLevel: 'debug',
      idleSeconds: 5,
    });
    for (const odd of ['', '0', '-1', '5s', 'x: y']) {
      expect(readDoltTuning({ GT_DOLT_LOGLEVEL: odd, GT_DOLT_WAIT_TIMEOUT: odd })).toEqual({
        logLevel: 'warning',
        idleSeconds: 30,
      });
    }
  });
});

describe('environment of the Dolt server', () => {
  it('holds no secret and no setting of the caller', () => {
    const env = doltServerEnv(
      { PATH: '/bin', ANTHROPIC_API_KEY: 's', DOLT_CLI_PASSWORD: 'p', GT_ROLE: 'mayor/' },
      { home: '/t/.runtime/dolt-home', databases: 4, bytes: 0 },
    );
    expect(env).toEqual({
      PATH: '/bin',
      DOLT_ROOT_PATH: '/t/.runtime/dolt-home',
      DOLT_DISABLE_EVENT_FLUSH: 'true',
      GOMEMLIMIT: '320MiB',
      GOGC: '50',
      TZ: 'UTC',
    });
  });

  it('has more memory when there is more on disk', () => {
    const env = doltServerEnv({}, { home: '/h', databases: 2, bytes: 3 * 2 ** 30 });
    expect(env).toMatchObject({ GOMEMLIMIT: '800MiB' });
  });

  it('lets the caller set the limits of the Go runtime', () => {
    const env = doltServerEnv({ GOMEMLIMIT: '1GiB', GOGC: '100' }, { home: '/h', databases: 0, bytes: 0 });
    expect(env).toMatchObject({ GOMEMLIMIT: '1GiB', GOGC: '100' });
  });
});
