import type { CommandSpec } from '../../cli/command.ts';
import { PROCESS, RIG } from '../mq/spec.ts';

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
  { path: 'refinery process', ...PROCESS },
  {
    path: 'refinery start',
    aliases: ['spawn'],
    summary: 'Switch the engine on for a rig; the daemon runs it',
    args: [RIG],
    flags: [{ name: 'foreground', summary: 'Run it here until stopped instead' }],
    load: () => import('./start.ts'),
  },
];
