import type { CommandSpec, FlagSpec } from '../../../cli/command.ts';
import { BEAD } from '../spec-flags.ts';

const EXCHANGE: readonly FlagSpec[] = [
  { name: 'remote', kind: 'string', summary: 'Which remote (default origin)' },
  {
    name: 'user',
    kind: 'string',
    summary: 'Name at a remote that asks for one; the server has the password in DOLT_REMOTE_PASSWORD',
  },
];
const REMOTE = { name: 'name', summary: 'Name of the remote', required: true } as const;
const URL_ARG = {
  name: 'url',
  summary: 'file:///path or http(s)://host:port/database',
  required: true,
} as const;

/** Versions and remotes of a ledger in the Dolt store. */
export const bdDoltCommands: readonly CommandSpec[] = [
  {
    path: 'history',
    summary: 'The versions of one bead, newest first (Dolt store)',
    args: [BEAD],
    flags: [{ name: 'limit', kind: 'int', summary: 'At most so many (0 = all)' }],
    load: async () => (await import('./past.ts')).history,
  },
  {
    path: 'diff',
    summary: 'What changed between two versions (Dolt store)',
    args: [
      { name: 'from', summary: 'Hash, branch or HEAD~1', required: true },
      { name: 'to', summary: 'Hash, branch, HEAD or WORKING', required: true },
    ],
    examples: ['bd diff HEAD~5 HEAD', 'bd diff HEAD WORKING'],
    load: async () => (await import('./past.ts')).diff,
  },
  {
    path: 'branch',
    summary: 'List branches, or make one of the newest version (Dolt store)',
    args: [{ name: 'name', summary: 'Name of the new branch' }],
    load: async () => (await import('./here.ts')).branch,
  },
  { path: 'dolt', summary: 'Versions and remotes of the Dolt store' },
  {
    path: 'dolt status',
    aliases: ['dolt show'],
    summary: 'Server, newest version, what is not in it yet, remotes',
    load: async () => (await import('./here.ts')).status,
  },
  {
    path: 'dolt commit',
    summary: 'Make a version of all that changed',
    flags: [{ name: 'message', short: 'm', kind: 'string', summary: 'What it is about' }],
    load: async () => (await import('./here.ts')).commit,
  },
  {
    path: 'dolt push',
    summary: 'Send all versions to a remote',
    flags: [...EXCHANGE, { name: 'force', summary: 'Replace what the remote has' }],
    load: async () => (await import('./exchange.ts')).push,
  },
  {
    path: 'dolt pull',
    summary: 'Merge what a remote has',
    flags: [
      ...EXCHANGE,
      {
        name: 'winner',
        kind: 'string',
        values: ['ours', 'theirs'],
        summary: 'Who wins where both changed the same field (default: refuse)',
      },
    ],
    load: async () => (await import('./exchange.ts')).pull,
  },
  {
    path: 'dolt clone',
    summary: 'Make a database on this server from a remote',
    args: [URL_ARG, { name: 'database', summary: 'Name of the new database', required: true }],
    flags: EXCHANGE.slice(1),
    load: async () => (await import('./exchange.ts')).clone,
  },
  { path: 'dolt remote', summary: 'Where versions are sent and fetched' },
  {
    path: 'dolt remote add',
    summary: 'Name a remote',
    args: [REMOTE, URL_ARG],
    examples: ['bd dolt remote add origin file:///srv/beads/demo'],
    load: async () => (await import('./remotes.ts')).add,
  },
  { path: 'dolt remote list', summary: 'List them', load: async () => (await import('./remotes.ts')).list },
  {
    path: 'dolt remote remove',
    summary: 'Forget one',
    args: [REMOTE],
    load: async () => (await import('./remotes.ts')).remove,
  },
];
