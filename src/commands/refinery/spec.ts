import type { CommandSpec } from '../../cli/command.ts';
import { MR, PROCESS, RIG } from '../mq/spec.ts';
import { refinerySessionCommands } from '../roles/spec.ts';

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
  ...refinerySessionCommands,
  {
    path: 'refinery ready',
    summary: 'Merge requests that are free to process, and what is odd in the queue',
    args: [RIG],
    flags: [{ name: 'all', short: 'a', summary: 'Also those that somebody has claimed' }],
    json: true,
    load: () => import('./ready.ts'),
  },
  {
    path: 'refinery blocked',
    summary: 'Merge requests that cannot be processed now, and what holds them',
    args: [RIG],
    json: true,
    load: () => import('./blocked.ts'),
  },
  {
    path: 'refinery unclaimed',
    summary: 'Merge requests that can be processed and that nobody holds',
    args: [RIG],
    json: true,
    load: () => import('./unclaimed.ts'),
  },
  {
    path: 'refinery claim',
    summary: 'Take a merge request out of the engine’s hands, to work it off yourself',
    description:
      'The engine leaves it alone until it is released, or until the claim is older than merge_queue.stale_claim_timeout.',
    args: [MR],
    json: true,
    load: () => import('./claim.ts'),
  },
  {
    path: 'refinery release',
    summary: 'Give a claimed merge request back to the queue',
    args: [MR],
    json: true,
    load: () => import('./release.ts'),
  },
];
