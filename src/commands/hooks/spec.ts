import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be written' };
const SHOW: FlagSpec = { name: 'show', summary: 'Print it' };
const TARGET: ArgSpec = { name: 'target', summary: '<role>, <rig>/<role>, or the start of either' };

/** The files by which agents’ programs call gt back, and what people add to them. */
export const hooksCommands: readonly CommandSpec[] = [
  {
    path: 'hooks',
    group: 'Configuration',
    summary: 'Settings by which agents’ programs call gt back, and your own beside them',
    description:
      'gt writes its own hooks at each start of an agent. What you add for Claude Code lies in layers: base for all agents, an override per role (polecats, crew, mayor …) or per role of a rig (shop/crew). The later say more: the same event and matcher replaces, an entry with "hooks": [] takes away, gt’s own too.',
  },
  {
    path: 'hooks list',
    summary: 'The files, and whether they are as they should be',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'hooks scan',
    summary: 'Every hook that is written anywhere, yours too',
    flags: [{ name: 'verbose', short: 'v', summary: 'Their commands as well' }],
    json: true,
    load: () => import('./scan.ts'),
  },
  {
    path: 'hooks diff',
    summary: 'What sync would change; ends with 1 when something would',
    args: [TARGET],
    json: true,
    load: () => import('./diff.ts'),
  },
  {
    path: 'hooks sync',
    summary: 'Write all files as they should be',
    flags: [DRY_RUN],
    json: true,
    load: () => import('./sync.ts'),
  },
  {
    path: 'hooks base',
    summary: 'Edit what you add for all agents',
    flags: [SHOW],
    load: () => import('./base.ts'),
  },
  {
    path: 'hooks override',
    summary: 'Edit what you add for one role',
    args: [{ name: 'target', summary: '<role> or <rig>/<role>', required: true }],
    flags: [SHOW],
    load: () => import('./override.ts'),
  },
  {
    path: 'hooks init',
    summary: 'Take hooks of yours from the files into base and overrides',
    flags: [DRY_RUN],
    json: true,
    load: () => import('./init.ts'),
  },
  {
    path: 'hooks registry',
    summary: 'Hooks that can be added: hooks/registry.toml of the town',
    flags: [
      { name: 'all', short: 'a', summary: 'Those that are switched off too' },
      { name: 'verbose', short: 'v', summary: 'Their commands as well' },
    ],
    json: true,
    load: () => import('./registry.ts'),
  },
  {
    path: 'hooks install',
    summary: 'Add a hook of the registry to overrides, and write the files',
    args: [{ name: 'hook-name', summary: 'Name in the registry', required: true }],
    flags: [
      {
        name: 'role',
        kind: 'string',
        values: ['crew', 'polecat', 'witness', 'refinery'],
        summary: 'For this role (default: those that the registry names)',
      },
      { name: 'all-rigs', summary: 'In every rig (project); default: in the one you are in' },
      DRY_RUN,
      { name: 'force', short: 'f', summary: 'Also one that is switched off' },
    ],
    load: () => import('./install.ts'),
  },
];
