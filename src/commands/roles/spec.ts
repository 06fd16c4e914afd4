import type { CommandSpec, FlagSpec } from '../../cli/command.ts';
import { RIG } from '../mq/spec.ts';

const AGENT: FlagSpec = {
  name: 'agent',
  kind: 'string',
  summary: 'Runtime to start it with (default: as configured)',
};
const MODEL: FlagSpec = {
  name: 'agent',
  kind: 'string',
  summary: 'Start an agent with this runtime on top of it',
};
const ENV: FlagSpec = { name: 'env', kind: 'array', summary: 'A variable for it, K=V' };

/** Agents that people start and stop by their role. */
export const roleCommands: readonly CommandSpec[] = [
  {
    path: 'mayor',
    aliases: ['may'],
    group: 'Agent Management',
    summary: 'The mayor (coordinator): the agent you talk to about the whole town',
  },
  {
    path: 'mayor start',
    summary: 'Start its session; no model works before you talk to it',
    flags: [AGENT],
    json: true,
    load: async () => (await import('./start.ts')).startOf('mayor'),
  },
  {
    path: 'mayor stop',
    summary: 'Stop its session; it stays down until it is started',
    json: true,
    load: async () => (await import('./stop.ts')).stopOf('mayor'),
  },
  {
    path: 'mayor restart',
    summary: 'Replace its session by a new one',
    flags: [AGENT],
    json: true,
    load: async () => (await import('./start.ts')).restartOf('mayor'),
  },
  {
    path: 'mayor status',
    summary: 'Whether it runs',
    flags: [{ name: 'running', summary: 'Print only running or stopped' }],
    json: true,
    load: async () => (await import('./status.ts')).statusOf('mayor'),
  },
  {
    path: 'mayor attach',
    aliases: ['at'],
    summary: 'Go to its terminal; it is started when it does not run',
    flags: [AGENT],
    examples: ['gt mayor attach'],
    load: async () => (await import('./attach.ts')).attachOf('mayor'),
  },
  {
    path: 'deacon',
    aliases: ['dea'],
    group: 'Agent Management',
    summary: 'The deacon (town health check): code of the daemon, an agent on request',
  },
  {
    path: 'deacon start',
    aliases: ['spawn'],
    summary: 'Say who watches the town; with --agent start an agent too',
    flags: [MODEL],
    json: true,
    load: async () => (await import('./start.ts')).startOf('deacon'),
  },
  {
    path: 'deacon stop',
    summary: 'Stop its agent; the daemon goes on',
    json: true,
    load: async () => (await import('./stop.ts')).stopOf('deacon'),
  },
  {
    path: 'deacon restart',
    summary: 'Replace its agent by a new one',
    flags: [MODEL],
    json: true,
    load: async () => (await import('./start.ts')).restartOf('deacon'),
  },
  {
    path: 'deacon status',
    summary: 'Who watches the town, and its last round',
    json: true,
    load: async () => (await import('./status.ts')).statusOf('deacon'),
  },
  {
    path: 'deacon attach',
    aliases: ['at'],
    summary: "Go to its agent's terminal; it is started when it does not run",
    flags: [AGENT],
    load: async () => (await import('./attach.ts')).attachOf('deacon'),
  },
  {
    path: 'witness',
    group: 'Agent Management',
    summary: 'The witness of a rig (project health check): code of the daemon, an agent on request',
  },
  {
    path: 'witness start',
    aliases: ['spawn'],
    summary: 'Say who watches the workers; with --agent start an agent too',
    args: [RIG],
    flags: [MODEL, ENV, { name: 'foreground', summary: 'Watch here, in this terminal, until stopped' }],
    json: true,
    load: async () => (await import('./start.ts')).startOf('witness'),
  },
  {
    path: 'witness stop',
    summary: 'Stop its agent; the daemon goes on',
    args: [RIG],
    json: true,
    load: async () => (await import('./stop.ts')).stopOf('witness'),
  },
  {
    path: 'witness restart',
    summary: 'Replace its agent by a new one',
    args: [RIG],
    flags: [MODEL, ENV],
    json: true,
    load: async () => (await import('./start.ts')).restartOf('witness'),
  },
  {
    path: 'witness status',
    summary: 'Who watches the workers, and how many there are',
    args: [RIG],
    json: true,
    load: async () => (await import('./status.ts')).statusOf('witness'),
  },
  {
    path: 'witness attach',
    aliases: ['at'],
    summary: "Go to its agent's terminal",
    args: [RIG],
    flags: [MODEL],
    load: async () => (await import('./attach.ts')).attachOf('witness'),
  },
];

/** The refinery's own, beside those about its queue. */
export const refinerySessionCommands: readonly CommandSpec[] = [
  {
    path: 'refinery start',
    aliases: ['spawn'],
    summary: 'Switch the engine on for a rig; the daemon runs it',
    args: [RIG],
    flags: [{ name: 'foreground', summary: 'Run it here until stopped instead' }, MODEL],
    exclusive: [['agent', 'foreground']],
    json: true,
    load: async () => (await import('./start.ts')).startOf('refinery'),
  },
  {
    path: 'refinery stop',
    summary: 'Switch the engine off for a rig, and stop its agent',
    args: [RIG],
    json: true,
    load: async () => (await import('./stop.ts')).stopOf('refinery'),
  },
  {
    path: 'refinery restart',
    summary: 'Switch the engine on again, or replace its agent by a new one',
    args: [RIG],
    flags: [MODEL],
    json: true,
    load: async () => (await import('./start.ts')).restartOf('refinery'),
  },
  {
    path: 'refinery attach',
    aliases: ['at'],
    summary: "Go to its agent's terminal",
    args: [RIG],
    flags: [MODEL],
    load: async () => (await import('./attach.ts')).attachOf('refinery'),
  },
];
