import type { CommandSpec } from '../../cli/command.ts';

export const daemonCommands: readonly CommandSpec[] = [
  {
    path: 'daemon',
    group: 'Services',
    summary: 'The daemon: watches the agents, dispatches, lands; costs no tokens',
  },
  {
    path: 'daemon start',
    summary: 'Start it in the background',
    json: true,
    load: () => import('./start.ts'),
  },
  {
    path: 'daemon stop',
    summary: 'Stop it; agents and the ledger server go on',
    json: true,
    load: () => import('./stop.ts'),
  },
  {
    path: 'daemon status',
    summary: 'Whether it runs, since when, and what it could not do',
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'daemon logs',
    summary: 'Its log',
    flags: [
      { name: 'follow', short: 'f', summary: 'Go on printing what is added' },
      { name: 'lines', short: 'n', kind: 'int', min: 1, default: 50, summary: 'How many last lines' },
    ],
    load: () => import('./logs.ts'),
  },
  {
    path: 'daemon run',
    summary: 'Run it here in the foreground',
    hidden: true,
    flags: [
      {
        name: 'supervised',
        summary: 'For systemd or launchd: stand by while another runs, end with 75 to be started anew',
      },
    ],
    load: () => import('./run.ts'),
  },
];
