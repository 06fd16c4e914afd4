import type { CommandSpec, FlagSpec } from '../../cli/command.ts';

const RIG: FlagSpec = { name: 'rig', kind: 'string', summary: 'The rig (project); default: your own' };

/** Who the caller is, and what the roles are. */
export const identityCommands: readonly CommandSpec[] = [
  {
    path: 'role',
    group: 'Agent Management',
    summary: 'Show your role, how gt knows it, and where you live',
    description: 'A role says what an agent does: mayor, polecat (worker), crew … gt role list names them.',
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'role show',
    summary: 'The same',
    json: true,
    load: () => import('./show.ts'),
  },
  {
    path: 'role list',
    summary: 'List the roles with their plain words and homes',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'role detect',
    summary: 'Show the role that this folder alone tells',
    json: true,
    load: () => import('./detect.ts'),
  },
  {
    path: 'role env',
    summary: 'Print shell lines that set your identity',
    examples: ['eval "$(gt role env)"'],
    load: () => import('./env.ts'),
  },
  {
    path: 'role home',
    summary: 'Print the folder an agent works in',
    args: [{ name: 'role', summary: 'A role, or an address such as shop/crew/ann; default: yours' }],
    flags: [RIG, { name: 'polecat', kind: 'string', summary: 'Name of the polecat (worker) or crew' }],
    load: () => import('./home.ts'),
  },
  {
    path: 'role def',
    summary: 'What the operator’s files say of a role, and which file says it',
    description: [
      'roles/<role>.toml of the town, then of the rig: nudge (told to an agent that has nothing else to begin with) and',
      '[env] (variables of its sessions; {town} {rig} {name} {role} {prefix} are filled in).',
    ].join('\n'),
    args: [{ name: 'role', summary: 'The role', required: true }],
    flags: [RIG],
    json: true,
    load: () => import('./def.ts'),
  },
];
