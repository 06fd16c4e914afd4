import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const BEAD: ArgSpec = { name: 'bead', summary: 'The bead; default: what is on the hook' };
const TARGET: ArgSpec = { name: 'target', summary: 'The agent; default: you' };
const FORCE: FlagSpec = {
  name: 'force',
  short: 'f',
  summary: 'Also when work is under way: that is stopped, and kept',
};
const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };

const NOTE: readonly FlagSpec[] = [
  { name: 'message', short: 'm', kind: 'string', summary: 'Comment on the bead' },
  { name: 'subject', short: 's', kind: 'string', summary: 'First line of the comment' },
];

export const hookCommands: readonly CommandSpec[] = [
  {
    path: 'hook',
    aliases: ['work'],
    group: 'Work Management',
    summary: 'What an agent holds (its hook), or put a bead there',
    description:
      'Without a bead: what you hold. With one: put it on the hook of an agent that works with people.',
    args: [BEAD, TARGET],
    flags: [{ name: 'clear', summary: 'Empty the hook' }, ...NOTE, FORCE, DRY_RUN],
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
    flags: [...NOTE, FORCE, DRY_RUN],
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
