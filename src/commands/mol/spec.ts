import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const TARGET: ArgSpec = { name: 'target', summary: 'The agent; default: you' };
const BEAD: ArgSpec = { name: 'bead', summary: 'The bead it is attached to', required: true };

const WAIT: readonly FlagSpec[] = [
  { name: 'timeout', kind: 'duration', default: '60s', summary: 'How long to wait' },
  { name: 'backoff-base', kind: 'duration', summary: 'First wait; grows with each idle round' },
  { name: 'backoff-mult', kind: 'int', min: 1, default: 2, summary: 'How fast it grows' },
  { name: 'backoff-max', kind: 'duration', summary: 'Longest wait' },
  { name: 'agent-bead', kind: 'string', summary: 'Agent row that counts idle rounds; default: yours' },
  { name: 'quiet', summary: 'Print nothing' },
];

const signal = (path: string): CommandSpec => ({
  path,
  summary: 'Wait until anything happens in the town',
  flags: WAIT,
  json: true,
  load: () => import('./await-signal.ts'),
});

export const molCommands: readonly CommandSpec[] = [
  {
    path: 'mol',
    aliases: ['molecule'],
    group: 'Work Management',
    summary: 'Molecules: workflows that are under way',
  },
  {
    path: 'mol status',
    summary: 'What an agent holds, its molecule, and what to do next',
    args: [TARGET],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'mol current',
    summary: 'The step an agent should do now',
    args: [{ name: 'identity', summary: 'The agent; default: you' }],
    json: true,
    load: () => import('./current.ts'),
  },
  {
    path: 'mol progress',
    summary: 'How far a molecule is: done, ready and blocked steps',
    args: [{ name: 'molecule', summary: 'Its root', required: true }],
    json: true,
    load: () => import('./progress.ts'),
  },
  {
    path: 'mol dag',
    summary: 'Which steps come before which',
    args: [{ name: 'molecule', summary: 'Its root', required: true }],
    flags: [
      { name: 'tree', summary: 'One line a step, with what it needs (default)' },
      { name: 'tiers', summary: 'What may run side by side' },
    ],
    json: true,
    load: () => import('./dag.ts'),
  },
  {
    path: 'mol attach',
    summary: 'Attach a molecule to a bead',
    args: [
      {
        name: 'ids',
        summary: 'The bead (default: what you hold), then the molecule',
        required: true,
        many: true,
      },
    ],
    load: () => import('./attach.ts'),
  },
  {
    path: 'mol attachment',
    summary: 'Which molecule is attached to a bead',
    args: [BEAD],
    json: true,
    load: () => import('./attachment.ts'),
  },
  {
    path: 'mol attach-from-mail',
    summary: 'Attach the molecule that a mail names to what you hold',
    args: [{ name: 'mail', summary: 'The mail', required: true }],
    load: () => import('./attach-from-mail.ts'),
  },
  {
    path: 'mol detach',
    summary: 'Take the molecule off a bead; it stays',
    args: [BEAD],
    load: () => import('./detach.ts'),
  },
  {
    path: 'mol burn',
    summary: 'Drop the molecule of an agent without a digest',
    args: [TARGET],
    json: true,
    load: () => import('./burn.ts'),
  },
  {
    path: 'mol squash',
    summary: 'Close the molecule of an agent into a digest',
    args: [TARGET],
    flags: [
      { name: 'summary', kind: 'string', summary: 'Text of the digest' },
      { name: 'no-digest', summary: 'Write no digest' },
      {
        name: 'jitter',
        kind: 'duration',
        summary: 'Wait up to this long first, so that not all write at once',
      },
    ],
    json: true,
    load: () => import('./squash.ts'),
  },
  { path: 'mol step', summary: 'Steps of molecules' },
  {
    path: 'mol step done',
    summary: 'Close a step and take the next one',
    description:
      'In a polecat’s session the next step begins in a fresh session with a note, unless there are others that could start too, and the last step hands the work in (gt done).',
    args: [{ name: 'step', summary: 'The step', required: true }],
    flags: [{ name: 'dry-run', short: 'n', summary: 'Only say what would be done' }],
    json: true,
    load: () => import('./step-done.ts'),
  },
  signal('mol await-signal'),
  signal('mol step await-signal'),
  {
    path: 'mol step await-event',
    summary: 'Wait for an event of a channel',
    flags: [
      { name: 'channel', kind: 'string', required: true, summary: 'The channel' },
      { name: 'cleanup', summary: 'Remove what was read' },
      ...WAIT,
    ],
    json: true,
    load: () => import('./await-event.ts'),
  },
  {
    path: 'mol step emit-event',
    summary: 'Tell whoever waits on a channel',
    flags: [
      { name: 'channel', kind: 'string', required: true, summary: 'The channel' },
      { name: 'type', kind: 'string', required: true, summary: 'What happened' },
      { name: 'payload', kind: 'array', summary: 'More, key=value (again for more)' },
    ],
    json: true,
    load: () => import('./emit-event.ts'),
  },
];
