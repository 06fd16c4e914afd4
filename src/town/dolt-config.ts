/** What differs between the servers of two towns. */
export interface DoltServerConfig {
  /** Absolute real path of the town's data folder. */
  readonly dataDir: string;
  readonly port: number;
  /** dolt's own names: trace, debug, info, warning, error, fatal. */
  readonly logLevel: string;
  /** Seconds after which the server may drop an idle session. */
  readonly idleSeconds: number;
}

/**
 * config.yaml of `dolt sql-server`. `datadir` lets the server say over SQL whose data it serves, which it does not
 * do by itself; `secure_file_priv` names a folder that does not exist, so that LOAD_FILE reads nothing.
 */
export function renderDoltConfig(config: DoltServerConfig): string {
  const { dataDir, port, logLevel, idleSeconds } = config;
  return `# Written by gt at every start of the server.
log_level: ${logLevel}
data_dir: ${quote(dataDir)}
behavior:
  read_only: false
  autocommit: true
  dolt_transaction_commit: false
  auto_gc_behavior:
    enable: true
    archive_level: 1
listener:
  host: 127.0.0.1
  port: ${port}
  max_connections: 1000
  read_timeout_millis: 300000
  write_timeout_millis: 300000
system_variables:
  datadir: ${quote(dataDir)}
  secure_file_priv: ${quote(`${dataDir}/.no-files`)}
  wait_timeout: ${idleSeconds}
`;
}

const LOG_LEVELS = new Set(['trace', 'debug', 'info', 'warning', 'error', 'fatal']);

/** The wishes of GT_DOLT_LOGLEVEL and GT_DOLT_WAIT_TIMEOUT; anything odd = the defaults `warning` and 30 s. */
export function readDoltTuning(
  env: Readonly<Record<string, string>>,
): Pick<DoltServerConfig, 'logLevel' | 'idleSeconds'> {
  const level = env['GT_DOLT_LOGLEVEL'] ?? '';
  const idle = env['GT_DOLT_WAIT_TIMEOUT'] ?? '';
  return {
    logLevel: LOG_LEVELS.has(level) ? level : 'warning',
    idleSeconds: /^\d{1,6}$/.test(idle) && Number(idle) > 0 ? Number(idle) : 30,
  };
}

/**
 * GT_TEST_RUN marks what a test run started, so that it can find what it left behind; the server itself asks for the
 * password of a remote.
 */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'DOLT_REMOTE_PASSWORD', 'GT_TEST_RUN'];

/** Room that the Go runtime gets before it collects harder: too little and it does little else. */
const BASE_MIB = 256;
const MIB_PER_DATABASE = 16;
/** The index of a database's chunks lies in memory: what is on disk takes a part of it there. */
const DISK_SHARE = 6;
const MIB = 2 ** 20;

/**
 * The server's complete environment. It has a home of its own, so that no setting of the user's dolt leaks in and
 * it neither reports usage nor writes there. The memory limit grows with the databases and what they hold: at a fixed
 * 150 MiB a server of 20 empty ones takes four times as long, and with 3 GB on disk every query takes twice as long at 320
 * (measured); without any it grows by 200 MB in 2000 transactions.
 */
export function doltServerEnv(
  env: Readonly<Record<string, string>>,
  server: {
    /** Folder for dolt's own settings. */
    readonly home: string;
    readonly databases: number;
    /** What they take on disk. */
    readonly bytes: number;
  },
): Readonly<Record<string, string>> {
  const inherited = INHERITED.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const room = BASE_MIB + MIB_PER_DATABASE * server.databases + Math.ceil(server.bytes / DISK_SHARE / MIB);
  return {
    ...Object.fromEntries(inherited),
    DOLT_ROOT_PATH: server.home,
    DOLT_DISABLE_EVENT_FLUSH: 'true',
    GOMEMLIMIT: env['GOMEMLIMIT'] ?? `${room}MiB`,
    GOGC: env['GOGC'] ?? '50',
    TZ: 'UTC',
  };
}

/** dolt's global settings in the server's home: usage reports off, an author for its own commits. */
export const DOLT_GLOBAL_CONFIG = `${JSON.stringify({
  'metrics.disabled': 'true',
  'user.name': 'beads',
  'user.email': 'beads@local',
})}\n`;

/** A JSON string is a YAML double-quoted scalar. */
function quote(text: string): string {
  return JSON.stringify(text);
}
