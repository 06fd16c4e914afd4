import type { CommandSpec } from '../../cli/command.ts';

export const storeCommands: readonly CommandSpec[] = [
  { path: 'store', group: 'Services', summary: 'Where the ledger of beads is kept' },
  {
    path: 'store status',
    summary: 'Which store the town uses, where it is and what is in it',
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'store migrate',
    summary: 'Move the ledger to the other store, nothing lost',
    description: [
      'Copies every table of every database while no gt process can write, compares row counts and content hashes,',
      'and only then switches the town over. Killed at any moment, the old store is still in force: run it again.',
      'The old data is kept beside the new, under a name that says when it was moved. The daemon must not run.',
      'The Dolt server takes the port of gt config set dolt.port (default 3307).',
    ].join('\n'),
    flags: [
      {
        name: 'to',
        kind: 'string',
        values: ['sqlite', 'dolt'],
        required: true,
        summary: 'The store to move to',
      },
      { name: 'dry-run', short: 'n', summary: 'Show what would be moved' },
    ],
    examples: [
      'gt store migrate --to dolt --dry-run',
      'gt daemon stop && gt store migrate --to dolt && gt up',
    ],
    json: true,
    load: () => import('./migrate.ts'),
  },
];
