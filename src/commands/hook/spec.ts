import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const BEAD: ArgSpec = { name: 'bead', summary: 'The bead; default: what is on the hook' };
const TARGET: ArgSpec = { name: 'target', summary: 'The agent; default: you' };
const FORCE: FlagSpec = {
  name: 'force',
  short: 'f',
  summary: 'Also when work is under way: it is stopped and kept',
};
const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };

export const hookCommands: readonly CommandSpec[] = [
  {
    path: 'hook',
    aliases: ['work'],
    group: 'Work Management',
    summary: 'What an agent holds (its hook), or put a bead there',
    description:
      'Without a bead: what you hold. With one: put it on the hook of an agent that works with people.',
    args: [BEAD, TARGET],
    flags: [
      { name: 'clear', summary: 'Empty the hook' },
      { name: 'message', short: 'm', kind: 'string', hidden: true, summary: 'Accepted for old scripts' },
      { name: 'subject', short: 's', kind: 'string', hidden: true, summary: 'Accepted for old scripts' },
      FORCE,
      DRY_RUN,
    ],
    json: true,
    load: () => import('./hook.ts'),
  },
  {
    path: 'hook status',
    summary: 'What an agent holds, and what it should do next',
    args: [TARGET],
    json: true,
    load: () => import('./status.ts'),
  },
  {
    path: 'hook show',
    summary: 'One line: agent, bead, title, status',
    args: [{ name: 'agent', summary: 'The agent; default: you' }],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'hook attach',
    summary: 'Put a bead on a hook',
    args: [{ ...BEAD, required: true, summary: 'The bead' }, TARGET],
    flags: [{ name: 'force', short: 'f', hidden: true, summary: 'Accepted for old scripts' }],
    load: () => import('./attach.ts'),
  },
  {
    path: 'hook detach',
    summary: 'Take one bead off a hook',
    args: [{ ...BEAD, required: true, summary: 'The bead' }, TARGET],
    flags: [FORCE, DRY_RUN],
    load: () => import('./clear.ts'),
  },
  {
    path: 'hook clear',
    summary: 'Empty a hook',
    args: [BEAD, TARGET],
    flags: [FORCE, DRY_RUN],
    load: () => import('./clear.ts'),
  },
];
