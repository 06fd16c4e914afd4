import type { ArgSpec, CommandSpec } from '../../cli/command.ts';
import { integrationCommands } from './integration/spec.ts';

export const RIG: ArgSpec = { name: 'rig', summary: 'The rig (project); default: the one you are in' };
export const MR: ArgSpec = {
  name: 'mr',
  summary: 'Merge request: its id or the start of it, its issue, or its branch',
  required: true,
};

/** `mq process` and `refinery process` are the same. */
export const PROCESS: Omit<CommandSpec, 'path'> = {
  summary: 'Let the merge engine do one pass here, now',
  args: [RIG],
  flags: [
    { name: 'once', summary: 'One pass, then end (the default)' },
    { name: 'watch', summary: 'Go on until stopped' },
    { name: 'dry-run', short: 'n', summary: 'Only say what the queue would do next' },
  ],
  exclusive: [
    ['once', 'watch'],
    ['watch', 'dry-run'],
    ['watch', 'json'],
  ],
  json: true,
  load: () => import('./process.ts'),
};

/** The merge queue: branches that are tested and landed one after the other. */
export const mqCommands: readonly CommandSpec[] = [
  {
    path: 'mq',
    aliases: ['mr'],
    group: 'Work Management',
    summary: 'The merge queue: finished branches on their way to land',
  },
  {
    path: 'mq list',
    summary: 'List the queue of a rig in the order it would land',
    args: [RIG],
    flags: [
      {
        name: 'status',
        kind: 'string',
        values: ['open', 'in_progress', 'closed', 'all'],
        default: 'open',
        summary: 'Which; open includes those being landed',
      },
      { name: 'ready', summary: 'Only those that can land now' },
      { name: 'worker', kind: 'string', summary: 'Only of this polecat (worker)' },
      { name: 'verify', summary: 'Ask the remote whether each branch is there' },
    ],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'mq status',
    summary: 'One merge request in full',
    args: [MR],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'mq explain',
    summary: 'Why a merge request has not landed: gate, failed tests, logs, conflicts',
    args: [MR],
    json: true,
    load: () => import('./explain.ts'),
  },
  {
    path: 'mq logs',
    summary: 'What the gates print: those that run now, else the last run that failed',
    args: [MR],
    flags: [
      { name: 'follow', short: 'f', summary: 'Go on printing while they run' },
      { name: 'gate', kind: 'string', summary: 'Only of this gate' },
    ],
    load: () => import('./logs.ts'),
  },
  {
    path: 'mq submit',
    summary: 'Push a branch and put it into the queue',
    description: [
      'The branch is pushed and read back from the remote first. The issue is the one the branch is named after, or',
      '--issue. The same branch and commit again changes nothing; a new commit takes the place of the old one.',
    ].join('\n'),
    flags: [
      { name: 'branch', kind: 'string', summary: 'Default: the branch you are on' },
      { name: 'issue', kind: 'string', summary: 'The issue it completes' },
      { name: 'epic', kind: 'string', summary: 'Land on the integration branch of this epic' },
      {
        name: 'group',
        kind: 'string',
        summary:
          'Land together with all others of this name, or not at all; default: label group:<name> of the issue',
      },
      {
        name: 'priority',
        short: 'p',
        kind: 'int',
        min: 0,
        max: 4,
        summary: '0 (first) to 4; default: of the issue',
      },
    ],
    json: true,
    load: () => import('./submit.ts'),
  },
  { path: 'mq process', ...PROCESS },
  {
    path: 'mq retry',
    summary: 'Put one that failed back into the queue as it is',
    args: [{ ...RIG, required: true }, MR],
    flags: [{ name: 'now', summary: 'Let the engine do a pass at once' }],
    json: true,
    load: () => import('./retry.ts'),
  },
  {
    path: 'mq reject',
    summary: 'Close a merge request unmerged; its issue is open again',
    args: [{ ...RIG, required: true }, MR],
    flags: [
      { name: 'reason', short: 'r', kind: 'string', summary: 'Why' },
      { name: 'stdin', summary: 'Read the reason from standard input' },
    ],
    exclusive: [['reason', 'stdin']],
    json: true,
    load: () => import('./reject.ts'),
  },
  {
    path: 'mq review',
    summary: 'Keep what you found about a change: a score, a verdict, or why it is held back',
    description: [
      'It is shown by gt mq explain and told to the issue, and never decides what lands. A score below 0.45 opens an',
      'escalation for a person.',
    ].join('\n'),
    args: [MR],
    flags: [
      { name: 'score', kind: 'float', summary: 'From 0 (bad) to 1' },
      {
        name: 'verdict',
        kind: 'string',
        values: ['approve', 'request_changes', 'reject'],
        summary: 'What you would do',
      },
      { name: 'message', short: 'm', kind: 'string', summary: 'What you found' },
      { name: 'stdin', summary: 'Read it from standard input' },
    ],
    exclusive: [['message', 'stdin']],
    examples: ["gt mq review gt-abc12 --score 0.8 --verdict approve -m 'Clear, tested; one name is odd'"],
    json: true,
    load: () => import('./review.ts'),
  },
  {
    path: 'mq reviews',
    summary: 'What was found about changes, and which of the last day nobody has looked at',
    args: [RIG],
    flags: [{ name: 'pending', summary: 'Only what nobody has looked at, with how to' }],
    json: true,
    load: () => import('./reviews.ts'),
  },
  {
    path: 'mq pause',
    summary: 'Land nothing on a branch until it is resumed',
    args: [RIG],
    flags: [
      { name: 'target', kind: 'string', summary: 'Branch; default: of the rig' },
      { name: 'reason', short: 'r', kind: 'string', summary: 'Why, for others' },
    ],
    json: true,
    load: () => import('./pause.ts'),
  },
  {
    path: 'mq resume',
    summary: 'Go on after a pause, and take the branch as it is now',
    args: [RIG],
    flags: [{ name: 'target', kind: 'string', summary: 'Branch; default: of the rig' }],
    json: true,
    load: () => import('./resume.ts'),
  },
  {
    path: 'mq next',
    summary: 'The merge request that would land first of those that can',
    args: [RIG],
    flags: [
      {
        name: 'strategy',
        kind: 'string',
        values: ['priority', 'fifo'],
        default: 'priority',
        summary: 'By score, or the oldest',
      },
      { name: 'quiet', short: 'q', summary: 'Only its id' },
    ],
    json: true,
    load: () => import('./next.ts'),
  },
  {
    path: 'mq post-merge',
    summary: 'Finish what was merged by somebody else: close its beads, remove its branch',
    args: [{ ...RIG, required: true }, MR],
    flags: [{ name: 'skip-branch-delete', summary: 'Leave the branch' }],
    json: true,
    load: () => import('./post-merge.ts'),
  },
  ...integrationCommands,
];
