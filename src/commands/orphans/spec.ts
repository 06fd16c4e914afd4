import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const SCOPE: readonly FlagSpec[] = [
  { name: 'rig', kind: 'string', summary: 'Only of this rig (project)' },
  { name: 'days', kind: 'int', min: 1, default: 7, summary: 'Not older than this' },
  { name: 'all', short: 'a', summary: 'However old' },
];

/** Work that has fallen out of everybody's hands. */
export const orphansCommands: readonly CommandSpec[] = [
  {
    path: 'orphans',
    group: 'Work Management',
    summary: 'Find lost work: branches that have not landed and nobody needs, commits without a name',
    description: 'Looks through the repositories of the rigs and changes nothing.',
    flags: SCOPE,
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'orphans kill',
    summary: 'Delete those branches; what is nowhere else is kept in a rescue ref first',
    description: 'Commits without a name are left to git’s own clean-up. gt rescue list shows what was kept.',
    flags: [
      ...SCOPE,
      { name: 'dry-run', short: 'n', summary: 'Only say what would go' },
      { name: 'force', short: 'f', summary: 'Accepted: nothing is asked, and nothing is lost', hidden: true },
    ],
    json: true,
    load: () => import('./kill.ts'),
  },
  {
    path: 'prune-branches',
    group: 'Work Management',
    summary: 'Delete local branches of this repository that have landed',
    description: [
      'Of the repository you stand in: a crew clone, or any other. Only branches of the pattern whose commits the remote',
      'holds go, as git branch -d would have it; never the current one, nor one that is checked out elsewhere.',
    ].join('\n'),
    flags: [
      { name: 'dry-run', short: 'n', summary: 'Only say what would go' },
      {
        name: 'pattern',
        kind: 'string',
        default: 'polecat/*',
        summary: 'Which branches; * stands for anything',
      },
    ],
    json: true,
    load: () => import('./prune-branches.ts'),
  },
];
