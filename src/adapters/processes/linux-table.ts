import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UnreadableError, messageOf } from '../../core/errors.ts';
import type { ProcessIdentity, ProcessInfo } from '../../ports/processes.ts';
import { readFile, readdir } from '../file-reads.ts';
import type { ProcessTable } from './table.ts';

/** Facts from /proc. */
export function createLinuxTable(): ProcessTable {
  let boot: string | undefined;
  const bootMark = (): string => (boot ??= readBootMark());
  const identityOf = (pid: number, facts: StatFacts): ProcessIdentity => ({
    pid,
    start: `${facts.ticks}-${bootMark()}`,
  });
  return {
    identifyChild: (pid) =>
      withoutTheGone(() => identityOf(pid, parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1')))),
    identify: async (pid) => {
      const stat = await readProc(pid, 'stat');
      const facts = stat === undefined ? undefined : parseStat(stat);
      return facts === undefined || facts.ended ? undefined : identityOf(pid, facts);
    },
    isOfThisBoot: (identity) => identity.start.endsWith(`-${bootMark()}`),
    list: () => listProcesses(bootMark()),
    valuesOf,
  };
}

/** Without it a number and ticks read back after a reboot could fit a stranger. */
function readBootMark(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
}

async function listProcesses(boot: string): Promise<readonly ProcessInfo[]> {
  const all = await Promise.all((await listPids()).map((pid) => readProcess(pid, boot)));
  return all.filter((info) => info !== undefined);
}

async function listPids(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch((error: unknown) => {
    throw new UnreadableError({
      code: 'process.unreadable',
      message: `cannot list processes: ${messageOf(error)}`,
      cause: error,
    });
  });
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function valuesOf(name: string): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  const look = async (pid: number): Promise<void> => {
    const text = `\0${(await readProc(pid, 'environ')) ?? ''}`;
    const value = text.split(`\0${name}=`)[1]?.split('\0')[0];
    if (value !== undefined) found.set(pid, value);
  };
  await Promise.all((await listPids()).map(look));
  return found;
}

async function readProcess(pid: number, boot: string): Promise<ProcessInfo | undefined> {
  const [stat, commandLine] = await Promise.all([readProc(pid, 'stat'), readProc(pid, 'cmdline')]);
  const facts = stat === undefined ? undefined : parseStat(stat);
  if (facts === undefined || facts.ended) return undefined;
  const argv = (commandLine ?? '').split('\0').filter((_, index, parts) => index < parts.length - 1);
  return {
    pid,
    start: `${facts.ticks}-${boot}`,
    parent: facts.parent,
    group: facts.group,
    session: facts.session,
    name: nameOf(facts.command, argv),
    argv,
  };
}

/** The kernel cuts the command to 15 characters: the whole name is taken from argv when it fits. */
function nameOf(command: string, argv: readonly string[]): string {
  const program = basename(argv[0] ?? '');
  return command.length === 15 && program.startsWith(command) ? program : command;
}

interface StatFacts {
  readonly command: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  readonly ticks: string;
  /** A zombie: it has ended, and its parent has not asked how. */
  readonly ended: boolean;
}

/** proc(5): `pid (command) state ppid pgrp session …`, where the command itself may hold blanks and parentheses. */
export function parseStat(text: string): StatFacts {
  const close = text.lastIndexOf(')');
  const [state = '', parent = '', group = '', session = '', ...rest] = text.slice(close + 2).split(' ');
  const ticks = rest[15];
  if (close < 0 || ticks === undefined) {
    throw new UnreadableError({ code: 'process.unreadable', message: `/proc has an odd stat line: ${text}` });
  }
  return {
    command: text.slice(text.indexOf('(') + 1, close),
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    ticks,
    ended: state === 'Z' || state === 'X',
  };
}

async function readProc(pid: number, name: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    return ifGone(error);
  }
}

function withoutTheGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    return ifGone(error);
  }
}

/** ENOENT, ESRCH: it ended meanwhile; EACCES: hidden from us (hidepid, another user), so it is none of ours. */
function ifGone(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
  throw new UnreadableError({
    code: 'process.unreadable',
    message: `cannot read /proc: ${messageOf(error)}`,
    cause: error,
  });
}
