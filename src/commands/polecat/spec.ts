import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';
import { identityCommands } from './identity/spec.ts';

const POLECAT: ArgSpec = { name: 'polecat', summary: '<rig>/<polecat>', required: true };
const POLECATS: ArgSpec = {
  name: 'polecats',
  summary: '<rig>/<polecat>, or with --all the rig',
  required: true,
  many: true,
};
const RIG: ArgSpec = { name: 'rig', summary: 'The rig (project)', required: true };
const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };
const REMOVAL: readonly FlagSpec[] = [
  { name: 'all', short: 'a', summary: 'All polecats of the rig' },
  DRY_RUN,
  { name: 'force', short: 'f', summary: 'Also when it has work; nothing is lost' },
];

export const polecatCommands: readonly CommandSpec[] = [
  {
    path: 'polecat',
    aliases: ['polecats'],
    group: 'Agent Management',
    summary: 'Polecats (workers) of the rigs',
  },
  {
    path: 'polecat list',
    summary: 'List polecats (workers) with state, bead and session',
    args: [{ name: 'rig', summary: 'The rig; default: all' }],
    flags: [{ name: 'all', short: 'a', summary: 'Also nuked ones' }],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'polecat status',
    summary: 'One polecat (worker) in detail, and why it is in its state',
    args: [POLECAT],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'polecat git-state',
    summary: 'What a worktree holds that is in no commit, or on no remote',
    args: [POLECAT],
    json: true,
    load: () => import('./git-state.ts'),
  },
  {
    path: 'polecat check-recovery',
    summary: 'May this polecat (worker) go? Asked of git itself',
    description: [
      'SAFE_TO_NUKE: it holds nothing that is nowhere else. NEEDS_RECOVERY: it does, or git cannot tell. NEEDS_MQ_SUBMIT:',
      'its commits are on the remote, but nobody has handed them in.',
    ].join('\n'),
    args: [POLECAT],
    json: true,
    load: () => import('./check-recovery.ts'),
  },
  {
    path: 'polecat nuke',
    summary: 'Remove polecats (workers): session, worktree, branches, name',
    description: [
      'Refuses while one holds work, has changes in no commit, or commits on no remote. With --force it is stopped and',
      'everything goes into a rescue ref first; the command that reads it back is printed. Work that is handed in is',
      'never touched.',
    ].join('\n'),
    args: [POLECATS],
    flags: REMOVAL,
    examples: ['gt polecat nuke shop/nux', 'gt polecat nuke shop --all --force'],
    json: true,
    load: () => import('./nuke.ts'),
  },
  {
    path: 'polecat remove',
    summary: 'Remove the worktrees of polecats (workers); their branches stay',
    description: [
      'As nuke, but local branches stay, so the next try of a bead goes on from them. Refuses what nuke refuses; with',
      '--force everything that is nowhere else goes into a rescue ref first.',
    ].join('\n'),
    args: [POLECATS],
    flags: REMOVAL,
    json: true,
    load: () => import('./remove.ts'),
  },
  {
    path: 'polecat stale',
    summary: 'Find idle polecats (workers) far behind the default branch',
    description:
      'With --cleanup they are nuked. One that holds something that is nowhere else is never stale.',
    args: [RIG],
    flags: [
      { name: 'threshold', kind: 'int', min: 1, default: 20, summary: 'So many commits behind is stale' },
      { name: 'cleanup', summary: 'Nuke the stale ones' },
      DRY_RUN,
    ],
    json: true,
    load: () => import('./stale.ts'),
  },
  {
    path: 'polecat gc',
    summary: 'Delete local branches that no polecat (worker) and no merge request needs',
    description:
      'Only branches that gt made, and only when their commits are proved to be on the remote or kept.',
    args: [RIG],
    flags: [DRY_RUN],
    json: true,
    load: () => import('./gc.ts'),
  },
  {
    path: 'polecat prune',
    summary: 'Delete branches that have landed, as git branch -d would',
    args: [RIG],
    flags: [{ name: 'remote', summary: 'On the remote too' }, DRY_RUN],
    json: true,
    load: () => import('./prune.ts'),
  },
  {
    path: 'polecat pool-init',
    summary: 'Make idle polecats (workers) with worktrees in advance',
    args: [RIG],
    flags: [
      {
        name: 'size',
        kind: 'int',
        min: 1,
        summary: 'How many there shall be; default: polecat_pool_size of the rig, else 4',
      },
      DRY_RUN,
    ],
    json: true,
    load: () => import('./pool-init.ts'),
  },
  {
    path: 'polecat add',
    hidden: true,
    summary: 'The old name of polecat identity add',
    args: [RIG, { name: 'name', summary: 'Its name', required: true }],
    json: true,
    load: () => import('./add.ts'),
  },
  ...identityCommands,
];
