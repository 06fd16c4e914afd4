import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const RIG: ArgSpec = { name: 'rig', summary: 'The rig (project); default: the one you are in' };

/** The engine behind the merge queue. */
export const refineryCommands: readonly CommandSpec[] = [
  {
    path: 'refinery',
    aliases: ['ref'],
    group: 'Services',
    summary: 'The refinery: the engine that tests and lands the merge queue of a rig (project)',
  },
  {
    path: 'refinery status',
    summary: 'Whether it runs, what it works on and what it waits for',
    args: [RIG],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'refinery queue',
    summary: 'The queue in the order it would land',
    args: [RIG],
    json: true,
    load: () => import('./queue.ts'),
  },
  {
    path: 'refinery process',
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
    load: () => import('../mq/process.ts'),
  },
  {
    path: 'refinery start',
    aliases: ['spawn'],
    summary: 'Switch the engine on for a rig; the daemon runs it',
    args: [RIG],
    flags: [{ name: 'foreground', summary: 'Run it here until stopped instead' }],
    load: () => import('./start.ts'),
  },
];
