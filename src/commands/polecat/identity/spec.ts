import type { ArgSpec, CommandSpec } from '../../../cli/command.ts';

const RIG: ArgSpec = { name: 'rig', summary: 'The rig (project)', required: true };
const NAME: ArgSpec = { name: 'name', summary: 'The polecat', required: true };

export const identityCommands: readonly CommandSpec[] = [
  {
    path: 'polecat identity',
    aliases: ['id'],
    summary: 'Who the polecats (workers) are: names that outlive their worktrees and sessions',
  },
  {
    path: 'polecat identity add',
    summary: 'Add a polecat (worker) that has no worktree yet',
    args: [RIG, { name: 'name', summary: 'Its name; default: the next free one' }],
    json: true,
    load: () => import('./add.ts'),
  },
  {
    path: 'polecat identity list',
    summary: 'List the identities of a rig',
    args: [RIG],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'polecat identity show',
    summary: 'One polecat (worker) and what it has done so far',
    description: 'Computed from the history of the ledger and from the commits that have landed.',
    args: [RIG, NAME],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'polecat identity rename',
    summary: 'Give an idle polecat (worker) another name; its history goes along',
    args: [
      RIG,
      { name: 'old-name', summary: 'The name it has', required: true },
      { name: 'new-name', summary: 'The name it gets', required: true },
    ],
    json: true,
    load: () => import('./rename.ts'),
  },
  {
    path: 'polecat identity remove',
    summary: 'End an identity; a later polecat of that name starts anew',
    args: [RIG, NAME],
    flags: [
      { name: 'force', short: 'f', summary: 'Nuke it first when it has a worktree or work; nothing is lost' },
    ],
    json: true,
    load: () => import('./remove.ts'),
  },
];
