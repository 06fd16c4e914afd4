import { connect } from 'node:net';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UnreadableError, messageOf } from '../../core/errors.ts';
import { readFile, readdir, readlink } from '../file-reads.ts';

const LISTEN = '0A';
/** Addresses through which 127.0.0.1 or ::1 is answered, as /proc/net/tcp and tcp6 write them. */
const LOOPBACK = [
  '0100007F',
  '00000000',
  '0000000000000000FFFF00000100007F',
  '00000000000000000000000000000000',
  '00000000000000000000000001000000',
];

/** Linux: the owner of the listening socket, found by its inode. */
export async function linuxListenerOf(port: number): Promise<{ readonly pid: number } | undefined> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  const inodes = tables.flatMap((table) => parseListeners(table, port));
  if (inodes.length === 0) return undefined;
  return { pid: (await ownerOf(new Set(inodes.map((inode) => `socket:[${inode}]`)))) ?? 0 };
}

/** Inodes of sockets that listen on `port` of the loopback, IPv4 first. */
export function parseListeners(table: string, port: number): readonly string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state]) => {
      const [address = '', hexPort] = local.split(':');
      return state === LISTEN && hexPort === wanted && LOOPBACK.includes(address);
    })
    .flatMap((fields) => fields[9] ?? []);
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    // A kernel without IPv6 has no tcp6 table.
    if (path.endsWith('6')) return '';
    throw new UnreadableError({
      code: 'process.unreadable',
      message: `cannot read ${path}: ${messageOf(error)}`,
      cause: error,
    });
  }
}

async function ownerOf(sockets: ReadonlySet<string>): Promise<number | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const owners = await Promise.all(pids.map(async (pid) => ((await holds(pid, sockets)) ? Number(pid) : 0)));
  // A child that inherited the socket holds it too: the oldest holder is the one that opened it.
  return owners.filter((pid) => pid > 0).sort((a, b) => a - b)[0];
}

async function holds(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  try {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (sockets.has(target)) return true;
    }
  } catch {
    // It ended, or it is another user's: not visible to us, which the caller reports as pid 0.
  }
  return false;
}

/** Elsewhere: lsof; it hides other users' sockets, so the port itself is asked before we say "nobody". */
export async function posixListenerOf(port: number): Promise<{ readonly pid: number } | undefined> {
  const pid = await lsof(port);
  if (pid !== undefined) return { pid };
  return (await answers(port)) ? { pid: 0 } : undefined;
}

async function lsof(port: number): Promise<number | undefined> {
  try {
    const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'];
    const { stdout } = await promisify(execFile)('lsof', args, { env: { PATH: '/usr/sbin:/usr/bin:/bin' } });
    const pid = /^p(\d+)$/m.exec(stdout)?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    // lsof ends with 1 when it sees nothing, and may be missing: the port itself decides.
    return undefined;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1000 });
    const finish = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', finish(true));
    // A full backlog shows as a timeout: somebody is there.
    socket.once('timeout', finish(true));
    socket.once('error', finish(false));
  });
}
