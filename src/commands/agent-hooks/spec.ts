import type { CommandSpec } from '../../cli/command.ts';
import { FORMAT_FLAG } from '../hook-format.ts';

/** What runtimes call at fixed points of an agent's life (DESIGN D18); people rarely type these. */
export const agentHookCommands: readonly CommandSpec[] = [
  {
    path: 'signal',
    group: 'Agent Management',
    summary: 'Called by runtimes when something happens to an agent',
  },
  {
    path: 'signal stop',
    summary: 'End of an agent’s turn: hands over messages and new work',
    description: 'Prints {"decision":"approve"} or {"decision":"block","reason":…}. Never runs gt done.',
    flags: [FORMAT_FLAG],
    startup: 'instant',
    load: () => import('./signal-stop.ts'),
  },
  { path: 'tap', group: 'Agent Management', summary: 'Called by runtimes before an agent uses a tool' },
  {
    path: 'tap guard',
    summary: 'Decide whether an agent may use a tool so (exit 2 = no)',
    description: 'Reads the hook’s JSON from standard input. No or unreadable input allows.',
    args: [{ name: 'guard', summary: 'all, or the name of one guard: gt tap list', required: true }],
    flags: [FORMAT_FLAG],
    startup: 'instant',
    load: () => import('./tap-guard.ts'),
  },
  {
    path: 'tap list',
    summary: 'What the guards block',
    flags: [{ name: 'guards', summary: 'Guards only (there are no other handlers)', hidden: true }],
    json: true,
    startup: 'instant',
    load: () => import('./tap-list.ts'),
  },
  {
    path: 'tap polecat-stop-check',
    summary: 'End of a polecat’s turn: remind it once of work that is not handed in (exit 2)',
    description: 'The same as gt signal stop, for hook files that want an exit code. Never runs gt done.',
    startup: 'instant',
    load: () => import('./polecat-stop-check.ts'),
  },
  { path: 'mail', group: 'Communication', summary: 'Messages to agents' },
  {
    path: 'mail check',
    summary: 'Print what waits for you',
    flags: [{ name: 'inject', summary: 'As a reminder for the model; exit 0 whatever happens' }, FORMAT_FLAG],
    startup: 'instant',
    load: () => import('./mail-check.ts'),
  },
  {
    path: 'script-run',
    summary: 'Run the script of the bead on the hook (the script runtime)',
    hidden: true,
    load: () => import('./script-run.ts'),
  },
];
