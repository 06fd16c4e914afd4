import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const NAME: ArgSpec = {
  name: 'name',
  summary: 'Formula, or a file that ends in .formula.toml',
  required: true,
};
const RIG: FlagSpec = {
  name: 'rig',
  kind: 'string',
  summary: 'As this rig (project) sees it; default: yours',
};

export const formulaCommands: readonly CommandSpec[] = [
  {
    path: 'formula',
    aliases: ['formulas'],
    group: 'Work Management',
    summary: 'Formulas: workflow templates that work can follow',
  },
  {
    path: 'formula list',
    summary: 'Every formula: what ships, what you, the town and the rig have',
    flags: [RIG],
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'formula show',
    summary: 'One formula: what it asks for and its steps, overlay applied',
    args: [NAME],
    flags: [RIG],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'formula run',
    summary: 'Make the beads of a formula and sling them',
    description: [
      'A convoy formula becomes one bead for each leg and one that brings them together; a workflow one bead for',
      'each step. What is ready is slung, the rest is queued. One bead with a formula as its checklist instead:',
      'gt sling <bead> <rig> --formula <name>.',
    ].join('\n'),
    args: [{ name: 'name', summary: 'Formula; default: workflow.default_formula of the rig' }],
    flags: [
      { name: 'rig', kind: 'string', summary: 'Rig (project) to work in; default: yours, or the only one' },
      { name: 'agent', kind: 'string', summary: 'Agent (runtime) for legs and steps that name none' },
      { name: 'pr', kind: 'int', summary: 'Pull request to look at' },
      { name: 'files', kind: 'list', summary: 'Files to look at' },
      { name: 'set', kind: 'array', summary: 'Value, key=value (again for more)' },
      { name: 'preset', kind: 'string', summary: 'Only the legs of this preset' },
      { name: 'dry-run', short: 'n', summary: 'Only say what would be made' },
    ],
    examples: ['gt formula run code-review --set branch=feature-x --preset gate'],
    json: true,
    load: () => import('./run.ts'),
  },
  {
    path: 'formula create',
    summary: 'Begin a formula of your own in the town',
    args: [{ name: 'name', summary: 'Name of the formula', required: true }],
    flags: [
      {
        name: 'type',
        kind: 'string',
        values: ['task', 'workflow', 'patrol'],
        default: 'task',
        summary: 'What to begin from',
      },
    ],
    load: () => import('./create.ts'),
  },
  { path: 'formula overlay', summary: 'Change steps of a formula that is not yours' },
  {
    path: 'formula overlay list',
    summary: 'The overlay files of the town and its rigs',
    json: true,
    load: () => import('./overlay-list.ts'),
  },
  {
    path: 'formula overlay show',
    summary: 'The overlay in force for a formula',
    args: [NAME],
    flags: [RIG],
    json: true,
    load: () => import('./overlay-show.ts'),
  },
  {
    path: 'formula overlay edit',
    summary: 'Make the overlay of a formula, and say where to edit it',
    args: [NAME],
    flags: [RIG, { name: 'town', summary: 'For the whole town' }],
    load: () => import('./overlay-edit.ts'),
  },
];
