/** What a town can tell the names of. */
export type ValueKind =
  | 'agent'
  | 'bead'
  | 'closed-bead'
  | 'command'
  | 'convoy'
  | 'crew'
  | 'file'
  | 'formula'
  | 'polecat'
  | 'rig'
  | 'rig-key'
  | 'role'
  | 'runtime'
  | 'session'
  | 'shell'
  | 'target'
  | 'town-key';

/** By the name of an argument or flag, in every command; what stands in neither table is free text. */
const BY_NAME: Readonly<Record<string, ValueKind>> = {
  assignee: 'agent',
  bead: 'bead',
  beads: 'bead',
  'blocked-by': 'bead',
  blocks: 'bead',
  'body-file': 'file',
  convoy: 'convoy',
  crew: 'crew',
  'depends-on': 'bead',
  epic: 'bead',
  file: 'file',
  'filter-parent': 'bead',
  formula: 'formula',
  'from-file': 'file',
  id: 'bead',
  identity: 'agent',
  ids: 'bead',
  input: 'file',
  issue: 'bead',
  mol: 'bead',
  molecule: 'bead',
  of: 'bead',
  on: 'bead',
  other: 'bead',
  output: 'file',
  parent: 'bead',
  path: 'file',
  polecat: 'polecat',
  polecats: 'polecat',
  proto: 'formula',
  'reason-file': 'file',
  rig: 'rig',
  role: 'role',
  session: 'session',
  with: 'bead',
  worker: 'polecat',
};

/** By the path of a command and the name of its argument, where that alone does not tell. */
const BY_COMMAND: Readonly<Record<string, ValueKind>> = {
  'completion shell': 'shell',
  'config agent get name': 'runtime',
  'config agent remove name': 'runtime',
  'config agent set name': 'runtime',
  'config default-agent name': 'runtime',
  'config get key': 'town-key',
  'config explain key': 'town-key',
  'config set key': 'town-key',
  'config unset key': 'town-key',
  'crew at name': 'crew',
  'crew pristine name': 'crew',
  'crew refresh name': 'crew',
  'crew remove names': 'crew',
  'crew rename old-name': 'crew',
  'crew restart names': 'crew',
  'crew start names': 'crew',
  'crew status name': 'crew',
  'crew stop names': 'crew',
  'formula overlay edit name': 'formula',
  'formula overlay show name': 'formula',
  'formula run name': 'formula',
  'formula show name': 'formula',
  'help command': 'command',
  'reopen id': 'closed-bead',
  'rig add git-url': 'file',
  'rig remove name': 'rig',
  'rig settings set key': 'rig-key',
  'rig settings unset key': 'rig-key',
  'start crew name': 'crew',
};

/** `--agent` names what runs, an argument of that name who works. */
export function kindOfFlag(name: string): ValueKind | undefined {
  return name === 'agent' ? 'runtime' : BY_NAME[name];
}

export function kindOfArgument(path: string, name: string, before: readonly string[]): ValueKind | undefined {
  if (path === 'sling' && before.length > 0) return 'target';
  if (name === 'agent' || name === 'target') return 'agent';
  return BY_COMMAND[`${path} ${name}`] ?? BY_NAME[name];
}
