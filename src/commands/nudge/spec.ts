import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const FORCE: FlagSpec = { name: 'force', short: 'f', summary: 'Also to agents that have muted nudges' };

/** Talking to agents while they run, and how much they want to hear. */
export const nudgeCommands: readonly CommandSpec[] = [
  {
    path: 'nudge',
    group: 'Communication',
    summary: 'Put a message into an agent’s session',
    description: [
      'wait-idle (default) types it as soon as the agent is idle, and queues it when that takes too long; queue only',
      'leaves it for the next turn; immediate also types it into working agents that queue what is typed. Nothing is',
      'ever typed into a dialog, a rate limit, or a line that a person is writing.',
      '',
      'channel:<name> stands for the agents that config/messaging.json lists under nudge_channels.',
    ].join('\n'),
    args: [
      {
        name: 'agent',
        summary: 'Address (<rig>/polecats/<name>, mayor), session name, a worker’s name, or channel:<name>',
        required: true,
      },
      { name: 'message', summary: 'The text' },
    ],
    flags: [
      { name: 'message', short: 'm', kind: 'string', summary: 'The text' },
      { name: 'stdin', summary: 'Read the text from standard input' },
      {
        name: 'mode',
        kind: 'string',
        values: ['wait-idle', 'queue', 'immediate'],
        default: 'wait-idle',
        summary: 'When to deliver',
      },
      {
        name: 'priority',
        kind: 'string',
        values: ['normal', 'urgent'],
        default: 'normal',
        summary: 'Urgent ones stay queued longer',
      },
      { name: 'if-fresh', summary: 'Only when the session is younger than a minute' },
      FORCE,
    ],
    exclusive: [['message', 'stdin']],
    json: true,
    examples: [
      'gt nudge shop/polecats/toast "please run the tests again"',
      'gt nudge channel:reviewers -m "shop is frozen until noon" --mode queue',
    ],
    load: () => import('./nudge.ts'),
  },
  {
    path: 'broadcast',
    group: 'Communication',
    summary: 'Nudge every worker whose session runs',
    description:
      'Polecats (workers) and crew; with --all also mayor, witness and refinery agents. You get none.',
    args: [{ name: 'message', summary: 'The text', required: true }],
    flags: [
      { name: 'rig', kind: 'string', summary: 'Only agents of this rig (project)' },
      { name: 'all', summary: 'Every agent, not only workers' },
      { name: 'dry-run', short: 'n', summary: 'Only say who would get it' },
      FORCE,
    ],
    json: true,
    examples: ['gt broadcast "main is red: do not hand in before it is green" --rig shop'],
    load: () => import('./broadcast.ts'),
  },
  {
    path: 'dnd',
    group: 'Communication',
    summary: 'Mute or unmute the agent you are',
    description:
      'Muted, nobody types into its session but with --force. It holds for every session of the agent.',
    args: [{ name: 'what', summary: 'on, off or status; without it the other of on and off' }],
    json: true,
    examples: ['gt dnd on', 'GT_ROLE=shop/crew/ann gt dnd status'],
    load: () => import('./dnd.ts'),
  },
  {
    path: 'notify',
    group: 'Communication',
    summary: 'Show or set how much the agent you are is told',
    description: 'verbose: everything. normal (default). muted: nothing but what is sent with --force.',
    args: [{ name: 'level', summary: 'verbose, normal or muted' }],
    json: true,
    load: () => import('./notify.ts'),
  },
  {
    path: 'nudge-poller',
    summary: 'Does nothing: the pane host delivers queued nudges',
    hidden: true,
    startup: 'instant',
    passThrough: true,
    load: () => import('./nudge-poller.ts'),
  },
];
