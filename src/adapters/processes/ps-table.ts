import { execFile, execFileSync } from 'node:child_process';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import { UnreadableError, messageOf } from '../../core/errors.ts';
import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';
import type { ProcessTable } from './table.ts';

const COLUMNS = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
/** lstart is printed in the locale's words and the local zone: both are pinned so that marks compare. */
const ENV = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
const LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+ +\w+ +\d+ +[\d:]+ +\d+)\s*(.*)$/;

/** Facts from `ps`, for systems without /proc (macOS, the BSDs). */
export function createPsTable(): ProcessTable {
  const living = async (args: readonly string[]): Promise<readonly PsLine[]> =>
    parsePs(await ps(args)).filter((line) => !line.ended);
  return {
    identifyChild: (pid) => identityOf(parsePs(psNow(pid))[0]),
    identify: async (pid) => identityOf((await living(['-p', String(pid)]))[0]),
    // A start time of the calendar does not come back after a reboot.
    isOfThisBoot: () => true,
    list: async () => (await living(['-A'])).map((line) => line.info),
    valuesOf,
  };
}

/** The old spelling of `ps`, which Linux, macOS and the BSDs share, prints the environment after the command. */
async function valuesOf(name: string): Promise<ReadonlyMap<number, string>> {
  const text = await outputOfPs(['axeww', '-o', 'pid=,command=']);
  return new Map(
    text.split('\n').flatMap((line): readonly [number, string][] => {
      const value = line.split(` ${name}=`)[1]?.split(' ')[0];
      return value === undefined ? [] : [[Number.parseInt(line, 10), value]];
    }),
  );
}

interface PsLine {
  readonly info: ProcessInfo;
  /** A zombie. */
  readonly ended: boolean;
}

function identityOf(line: PsLine | undefined): ProcessIdentity | undefined {
  return line === undefined ? undefined : { pid: line.info.pid, start: line.info.start };
}

/** Lines of `ps -o pid,ppid,pgid,stat,lstart,command`; argv is split at blanks. */
export function parsePs(text: string): readonly PsLine[] {
  return text.split('\n').flatMap((line): readonly PsLine[] => {
    const [, pid, parent, group, state = '', start = '', command = ''] = LINE.exec(line) ?? [];
    if (pid === undefined) return [];
    const argv = command.split(/\s+/).filter((word) => word !== '');
    const info = {
      pid: Number(pid),
      start: start.replaceAll(/ +/g, ' '),
      parent: Number(parent),
      group: Number(group),
      // macOS prints an address there.
      session: 0,
      name: basename(argv[0] ?? ''),
      argv,
    };
    return [{ info, ended: state.startsWith('Z') }];
  });
}

function psNow(pid: number): string {
  try {
    return execFileSync('ps', ['-ww', '-o', COLUMNS, '-p', String(pid)], { env: ENV, encoding: 'utf8' });
  } catch (error) {
    return outputOf(error);
  }
}

function ps(which: readonly string[]): Promise<string> {
  return outputOfPs(['-ww', '-o', COLUMNS, ...which]);
}

async function outputOfPs(args: readonly string[]): Promise<string> {
  try {
    const options = { env: ENV, maxBuffer: 64 * 1024 * 1024 };
    return (await promisify(execFile)('ps', args, options)).stdout;
  } catch (error) {
    return outputOf(error);
  }
}

/** ps ends with 1 when no process matches; anything else means that we could not look. */
function outputOf(error: unknown): string {
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (status === 1 || code === 1) return '';
  throw new UnreadableError({
    code: 'process.unreadable',
    message: `cannot run ps: ${messageOf(error)}`,
    cause: error,
  });
}
