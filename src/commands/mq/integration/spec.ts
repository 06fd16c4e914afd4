import type { ArgSpec, CommandSpec } from '../../../cli/command.ts';

const EPIC: ArgSpec = { name: 'epic', summary: 'The epic', required: true };

/** Branches on which the work of an epic is gathered before it lands as a whole. */
export const integrationCommands: readonly CommandSpec[] = [
  {
    path: 'mq integration',
    summary: 'Integration branches: the work of an epic, gathered and landed as a whole',
  },
  {
    path: 'mq integration create',
    summary: 'Make the branch of an epic on the remote; its children then land there',
    args: [EPIC],
    flags: [
      { name: 'branch', kind: 'string', summary: 'Name; default: merge_queue.integration_branch_template' },
      { name: 'base-branch', kind: 'string', summary: 'Branch it starts from and lands on' },
      { name: 'force', short: 'f', summary: 'Take a branch of that name that is there already' },
    ],
    json: true,
    load: () => import('./create.ts'),
  },
  {
    path: 'mq integration status',
    summary: 'What has landed on the branch, what is pending, and whether the epic can land',
    args: [EPIC],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'mq integration land',
    summary: 'Merge the branch into its base: all gates, then one push; closes the epic',
    args: [EPIC],
    flags: [
      { name: 'force', short: 'f', summary: 'Although not all of its work is done' },
      { name: 'skip-tests', summary: 'Run no gates' },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be done' },
    ],
    json: true,
    load: () => import('./land.ts'),
  },
];
