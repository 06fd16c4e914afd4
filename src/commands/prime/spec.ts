import type { CommandSpec } from '../../cli/command.ts';
import { FORMAT_FLAG } from '../hook-format.ts';

export const primeCommands: readonly CommandSpec[] = [
  {
    path: 'prime',
    group: 'Workspace',
    summary: 'Print what an agent must know now: who it is, and its work order',
    description: 'Called by the runtime’s start hook. Work on the hook begins with it.',
    flags: [
      { name: 'hook', summary: 'Called by a hook: reads its JSON from standard input' },
      { name: 'dry-run', short: 'n', summary: 'Only print; nothing begins' },
      { name: 'state', summary: 'Print the state of the session instead' },
      { name: 'explain', summary: 'Also say on what the text is based' },
      FORMAT_FLAG,
    ],
    json: true,
    load: () => import('./prime.ts'),
  },
];
