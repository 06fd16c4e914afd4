import type { CommandSpec } from '../../cli/command.ts';

/** What a deacon that is an agent calls in its rounds, and people to hold it up. The daemon's own watch goes on. */
export const deaconCommands: readonly CommandSpec[] = [
  {
    path: 'deacon heartbeat',
    summary: 'One more round of a deacon agent is done; refused while it is paused',
    args: [{ name: 'action', summary: 'What it did' }],
    load: () => import('./heartbeat.ts'),
  },
  {
    path: 'deacon pause',
    summary: 'Hold up the rounds of a deacon agent; the daemon goes on watching',
    flags: [{ name: 'reason', kind: 'string', summary: 'Why' }],
    load: () => import('./pause.ts'),
  },
  { path: 'deacon resume', summary: 'Let the rounds go on', load: () => import('./resume.ts') },
  {
    path: 'deacon health-check',
    summary: 'Ask an agent’s pane host whether it is well; no model is asked',
    description:
      'Ends with 0 when it is well, 1 when not, and 2 when it has not been for --failures checks in a row.',
    args: [{ name: 'agent', summary: 'Address or session', required: true }],
    flags: [
      { name: 'failures', kind: 'int', min: 1, default: 3, summary: 'So many checks in a row' },
      { name: 'timeout', kind: 'duration', default: '30s', summary: 'How long an answer may take' },
      { name: 'cooldown', kind: 'duration', default: '5m', summary: 'After an end by force' },
    ],
    json: true,
    load: () => import('./health-check.ts'),
  },
  {
    path: 'deacon health-state',
    summary: 'What the checks have found so far',
    json: true,
    load: () => import('./health-state.ts'),
  },
];
