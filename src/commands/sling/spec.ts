import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };

export const slingCommands: readonly CommandSpec[] = [
  {
    path: 'sling',
    group: 'Work Management',
    summary: 'Give beads (work) to polecats (workers) of a rig',
    description: [
      'Every bead gets a worker of its own: a git worktree, a branch, and an agent in a session. Without a rig the',
      'beads’ prefix decides. An epic stands for its open children, a convoy for the beads it tracks. A bead that is',
      'blocked, or for which no slot is free, is queued; the daemon dispatches it when it can.',
    ].join('\n'),
    args: [
      { name: 'beads', summary: 'Beads, and last the rig or <rig>/<polecat>', required: true, many: true },
    ],
    flags: [
      { name: 'agent', kind: 'string', summary: 'Agent (runtime) to use: gt config agent list' },
      {
        name: 'script',
        kind: 'string',
        summary: 'Run this shell command in the worktree instead of an agent, then commit and hand in',
      },
      { name: 'args', short: 'a', kind: 'string', summary: 'A note for the worker' },
      { name: 'message', short: 'm', kind: 'string', summary: 'Same as --args' },
      { name: 'subject', short: 's', kind: 'string', summary: 'First line of the note' },
      { name: 'stdin', summary: 'Read the note from standard input' },
      { name: 'base-branch', kind: 'string', summary: 'Start from and land on this branch' },
      {
        name: 'merge',
        kind: 'string',
        values: ['mr', 'local'],
        summary: 'mr: through the merge queue; local: the branch stays here',
      },
      { name: 'no-merge', summary: 'Push the branch, do not land it' },
      { name: 'review-only', summary: 'Nothing is landed: the work is a review' },
      { name: 'no-convoy', summary: 'Make no convoy (group) for it' },
      { name: 'owned', summary: 'The convoy is closed by its owner, not by itself' },
      {
        name: 'force',
        short: 'f',
        summary: 'Take it from its holder, skip blockers and slots; nothing is lost',
      },
      DRY_RUN,
      { name: 'formula', kind: 'string', summary: 'Formula (workflow) that the worker follows' },
      {
        name: 'on',
        kind: 'string',
        summary: 'Bead for a formula given first: gt sling shiny --on gt-abc12 shop',
      },
      { name: 'var', kind: 'array', summary: 'Value for the formula, key=value (again for more)' },
      { name: 'hook-raw-bead', hidden: true, summary: 'Hook the bead itself (what sling does)' },
      { name: 'no-boot', hidden: true, summary: 'Accepted for old scripts' },
    ],
    examples: [
      'gt sling gt-abc12 shop',
      'gt sling gt-abc12 gt-def34 shop --agent claude',
      'gt sling gt-abc12 shop --formula shiny --var assignee=ann',
      "gt sling gt-abc12 --script 'npm update && npm test'",
    ],
    json: true,
    load: () => import('./sling.ts'),
  },
  {
    path: 'sling respawn-reset',
    summary: 'Forget the failed tries of a bead; a blocked one is open again',
    args: [{ name: 'bead', summary: 'The bead', required: true }],
    load: () => import('./respawn-reset.ts'),
  },
  {
    path: 'unsling',
    aliases: ['unhook'],
    group: 'Work Management',
    summary: 'Take a bead off its worker; what it made is kept',
    args: [
      { name: 'bead', summary: 'The bead, or the agent that has it; default: your own hook' },
      { name: 'target', summary: 'The agent that is expected to have it' },
    ],
    flags: [
      { name: 'force', short: 'f', summary: 'Also when work is under way: it is stopped and kept' },
      DRY_RUN,
    ],
    json: true,
    load: () => import('./unsling.ts'),
  },
  {
    path: 'release',
    group: 'Work Management',
    summary: 'Give beads (work) back: open, on nobody; what was made is kept',
    args: [{ name: 'beads', summary: 'The beads', required: true, many: true }],
    flags: [{ name: 'reason', short: 'r', kind: 'string', summary: 'For the comment on the bead' }],
    load: () => import('./release.ts'),
  },
];
