import type { CommandSpec } from '../../cli/command.ts';

export const doneCommands: readonly CommandSpec[] = [
  {
    path: 'done',
    group: 'Work Management',
    summary: 'Hand in your work: push the branch, queue it for merging',
    description: [
      'For polecats (workers). What is not committed is committed, the branch is pushed and read back, and a merge',
      'request goes into the queue (refinery). The bead closes when it has landed. Work without any commit needs a',
      'reason. Can be run again: what was done is found done.',
      '',
      'Work that was slung with --merge direct is pushed to its target instead, without gates, and closed at once.',
      'Slung with --merge local, its branch stays here. Slung with --no-merge or --review-only, nothing lands, and',
      'whoever slung it is asked by mail to look at it.',
    ].join('\n'),
    flags: [
      {
        name: 'status',
        kind: 'string',
        values: ['COMPLETED', 'ESCALATED', 'DEFERRED', 'PHASE_COMPLETE'],
        default: 'COMPLETED',
        summary: 'ESCALATED keeps it and calls a person, DEFERRED gives it back for later',
      },
      {
        name: 'reason',
        short: 'm',
        kind: 'string',
        summary: 'Why: needed without commits, and to escalate or defer',
      },
      { name: 'issue', kind: 'string', summary: 'The bead, default: what you hold' },
      {
        name: 'target',
        kind: 'string',
        summary: 'Branch to land on; default: its base, its epic’s integration branch, the default branch',
      },
      {
        name: 'priority',
        short: 'p',
        kind: 'int',
        min: 0,
        max: 4,
        summary: 'Of the merge request, 0 (first) to 4',
      },
      {
        name: 'pre-verified',
        summary:
          'Run the gates of the merge queue first: a red one keeps you at work, landing a green one runs nothing',
      },
      {
        name: 'cleanup-status',
        kind: 'string',
        values: ['clean', 'uncommitted', 'unpushed', 'stash', 'unknown'],
        summary: 'A hint for the record',
      },
      { name: 'resume', summary: 'Go on with a done that was interrupted, as it was asked for then' },
    ],
    examples: [
      'gt done',
      'gt done --reason "the bug was fixed by gt-abc12 already"',
      'gt done --status ESCALATED -m "needs a database password"',
    ],
    json: true,
    load: () => import('./done.ts'),
  },
];
