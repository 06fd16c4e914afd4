import type { ArgSpec, CommandSpec, FlagSpec } from '../../cli/command.ts';

const ROLE: ArgSpec = { name: 'role', summary: 'polecat, crew, mayor, witness …', required: true };
const RIG: FlagSpec = { name: 'rig', kind: 'string', summary: 'Of this rig (project); default: yours' };
const TOWN: FlagSpec = { name: 'town', summary: 'Of the town, for all rigs' };

/** What the operator tells every agent of a role, beside what gt tells it. */
export const directiveCommands: readonly CommandSpec[] = [
  {
    path: 'directive',
    aliases: ['directives'],
    group: 'Configuration',
    summary: 'Your own words for every agent of a role; gt prime prints them',
  },
  {
    path: 'directive list',
    summary: 'The files that are there',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'directive show',
    summary: 'Print what an agent of a role is told by the operator',
    description: 'In its order: the town’s directive, the rig’s, then CONTEXT.md, which all agents read.',
    args: [ROLE],
    flags: [RIG, TOWN],
    exclusive: [['rig', 'town']],
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'directive edit',
    summary: 'Open the file in your editor; it is made when it is not there',
    args: [ROLE],
    flags: [RIG, TOWN],
    exclusive: [['rig', 'town']],
    load: () => import('./edit.ts'),
  },
];
