import type { ArgSpec, CommandSpec, FlagSpec } from '../../../cli/command.ts';

const RESTORE_ARGS: readonly ArgSpec[] = [
  { name: 'path', summary: 'Folder of one backup (default: the newest; see bd backup list)' },
];
const RESTORE_FLAGS: readonly FlagSpec[] = [
  { name: 'yes', short: 'y', summary: 'Put the restored database in place' },
  { name: 'force', summary: 'The same as --yes', hidden: true },
  { name: 'confirm', summary: 'Remove the databases that earlier restores have kept' },
];
const RESTORE_TEXT = [
  'The backup becomes a new database and is compared with its own record: row counts, content hashes, project id.',
  'A damaged one is refused. Without --yes that is all, and you see what would change. With --yes it takes the place',
  'of the database in use, which is kept under another name until you --confirm.',
].join('\n');

/** Commands that carry whole databases in and out. */
export const bdDataCommands: readonly CommandSpec[] = [
  {
    path: 'export',
    summary: 'Write the beads as JSONL, one issue a line with labels, dependencies and comments',
    description:
      'For other programs and for moving beads between databases; a backup is bd backup. Left out unless asked for: wisps, templates, infrastructure (agents, rigs, roles, messages) and memories, which may hold what no file should.',
    flags: [
      { name: 'output', short: 'o', kind: 'string', summary: 'Write into this file, whole or not at all' },
      { name: 'all', summary: 'Everything: wisps, templates, infrastructure and memories too' },
      { name: 'include-infra', summary: 'Also agents, rigs, roles and messages' },
      { name: 'include-memories', summary: 'Also what bd remember wrote' },
      { name: 'no-memories', summary: 'Accepted: memories are left out anyway', hidden: true },
    ],
    examples: ['bd export -o issues.jsonl', 'bd export --include-memories | gzip > beads.gz'],
    load: () => import('./export.ts'),
  },
  {
    path: 'import',
    summary: 'Take in the beads of a JSONL file: new ones are made, known ones brought up to date',
    description:
      'Nothing runs this by itself: the database is the only truth. The whole file is checked first; one bad line and nothing is written. The same file again changes nothing. Labels, dependencies and comments are only added. metadata.script is left out: a command must not come from a file.',
    args: [{ name: 'file', summary: 'JSONL file, - for standard input (default: .beads/issues.jsonl)' }],
    flags: [
      { name: 'input', short: 'i', kind: 'string', summary: 'The file', hidden: true },
      { name: 'dry-run', summary: 'Say what would change, write nothing' },
      {
        name: 'on-conflict',
        kind: 'string',
        values: ['newer', 'file', 'ledger'],
        default: 'newer',
        summary: 'Which side wins where a bead differs (newer = by updated_at)',
      },
    ],
    examples: ['bd import issues.jsonl --dry-run', 'zcat beads.gz | bd import -'],
    load: () => import('./import.ts'),
  },
  {
    path: 'backup',
    summary: 'Back the database up, whole (bd export is not a backup)',
    load: async () => (await import('./backups.ts')).sync,
  },
  {
    path: 'backup init',
    summary: 'Choose the folder that backups go to',
    args: [{ name: 'path', summary: 'The folder', required: true }],
    load: async () => (await import('./backups.ts')).init,
  },
  {
    path: 'backup sync',
    summary: 'Make a backup now',
    load: async () => (await import('./backups.ts')).sync,
  },
  {
    path: 'backup status',
    summary: 'When the last backup was made, and where',
    load: async () => (await import('./backups.ts')).status,
  },
  {
    path: 'backup list',
    summary: 'All backups of the database, newest first',
    load: async () => (await import('./backups.ts')).list,
  },
  {
    path: 'backup remove',
    aliases: ['rm'],
    summary: 'Forget the chosen folder; the backups in it stay',
    load: async () => (await import('./backups.ts')).remove,
  },
  {
    path: 'backup restore',
    summary: 'Check a backup, and with --yes put it in place',
    description: RESTORE_TEXT,
    args: RESTORE_ARGS,
    flags: RESTORE_FLAGS,
    load: () => import('./backup-restore.ts'),
  },
  {
    path: 'restore',
    summary: 'The same as bd backup restore',
    description: RESTORE_TEXT,
    args: RESTORE_ARGS,
    flags: RESTORE_FLAGS,
    load: () => import('./backup-restore.ts'),
  },
  {
    path: 'migrate',
    summary: 'Bring the database of an older bd to the current schema',
    description:
      'Alone it prints what it would do. With --yes it does it, in one version commit; interrupted, run it again. Only Dolt databases that bd 1.0.1 to 1.0.4 made need it.',
    flags: [
      { name: 'yes', short: 'y', summary: 'Do it' },
      { name: 'dry-run', summary: 'Only print the plan' },
    ],
    load: () => import('./migrate.ts'),
  },
];
