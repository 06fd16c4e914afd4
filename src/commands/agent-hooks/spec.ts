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
    summary: 'Decide whether an agent may run a shell command (exit 2 = no)',
    description: 'Reads the hook’s JSON from standard input. No or unreadable input allows.',
    args: [
      {
        name: 'guard',
        summary: 'all, dangerous-command, pr-workflow, bd-init or mol-patrol',
        required: true,
      },
    ],
    flags: [FORMAT_FLAG],
    startup: 'instant',
    load: () => import('./tap-guard.ts'),
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
