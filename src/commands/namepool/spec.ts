import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const RIG: FlagSpec = {
  name: 'rig',
  kind: 'string',
  summary: 'The rig (project); default: the one you stand in',
};

export const namepoolCommands: readonly CommandSpec[] = [
  {
    path: 'namepool',
    group: 'Workspace',
    summary: 'Names that new polecats (workers) of a rig get',
    description:
      'Own names of the rig come first, then those of its theme, then numbers. A number is never used twice.',
    flags: [{ name: 'list', short: 'l', summary: 'List the themes instead' }, RIG],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'namepool themes',
    summary: 'List the themes, or the names of one',
    args: [{ name: 'theme', summary: 'Only this one, with all its names' }],
    json: true,
    load: () => import('./themes.ts'),
  },
  {
    path: 'namepool set',
    summary: 'Choose the theme of a rig; polecats (workers) that are there keep their names',
    args: [{ name: 'theme', summary: 'A theme as the list shows it', required: true }],
    flags: [RIG],
    load: () => import('./set.ts'),
  },
  {
    path: 'namepool add',
    summary: 'Add a name of its own to a rig',
    args: [{ name: 'name', summary: 'Lower-case letters, digits and _', required: true }],
    flags: [RIG],
    load: () => import('./add.ts'),
  },
  {
    path: 'namepool reset',
    summary: 'Give back names that dispatches hold which were killed',
    flags: [RIG],
    load: () => import('./reset.ts'),
  },
  {
    path: 'namepool create',
    summary: 'Make a theme of your own',
    args: [
      { name: 'name', summary: 'Name of the theme', required: true },
      { name: 'names', summary: 'The names, first given out first', many: true },
    ],
    flags: [
      { name: 'from-file', kind: 'string', summary: 'Read the names from a file, one a line; # comments' },
    ],
    examples: ['gt namepool create birds robin wren finch', 'gt namepool create birds --from-file birds.txt'],
    load: () => import('./create.ts'),
  },
  {
    path: 'namepool delete',
    summary: 'Delete a theme of your own',
    args: [{ name: 'name', summary: 'Name of the theme', required: true }],
    load: () => import('./delete.ts'),
  },
];
