import type { CommandSpec } from '../../cli/command.ts';

/** The watch over the watcher. */
export const bootCommands: readonly CommandSpec[] = [
  {
    path: 'boot',
    group: 'Agent Management',
    summary: 'Boot (watch over the watcher): sees that the daemon is at work',
  },
  {
    path: 'boot status',
    summary: 'Whether somebody watches the town now',
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'boot triage',
    summary: 'Look once: start the daemon when it should run, else let it look at everything now',
    flags: [{ name: 'degraded', summary: 'The same: no model is ever asked' }],
    json: true,
    load: () => import('./triage.ts'),
  },
  {
    path: 'boot spawn',
    summary: 'The same look; with --agent by an agent that ends afterwards',
    flags: [{ name: 'agent', kind: 'string', summary: 'Runtime of the agent' }],
    json: true,
    load: () => import('./spawn.ts'),
  },
];
