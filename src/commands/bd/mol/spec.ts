import type { ArgSpec, CommandSpec, FlagSpec } from '../../../cli/command.ts';
import { BOND_TYPES } from '../../../formulas/molecule/bond-types.ts';

const VAR: FlagSpec = {
  name: 'var',
  kind: 'array',
  summary: 'Value of a variable, key=value; repeat for more',
};
const DRY_RUN: FlagSpec = { name: 'dry-run', short: 'n', summary: 'Only say what would be done' };
const ASSIGNEE: FlagSpec = { name: 'assignee', kind: 'string', summary: 'Who shall do it' };
const PROTO: ArgSpec = { name: 'proto', summary: 'A formula, its file, or a stored proto', required: true };
const MOLECULE: ArgSpec = { name: 'molecule', summary: 'Id of the root, or a unique piece of it' };
const ONE: ArgSpec = { ...MOLECULE, required: true };
const WISP_FLAGS: readonly FlagSpec[] = [
  VAR,
  ASSIGNEE,
  { name: 'root-only', summary: 'Only the root becomes a row' },
  { name: 'steps', summary: 'A row for every step, also where the formula does not ask for it' },
  DRY_RUN,
];

/** Formulas, and the molecules that are made of them. */
export const bdMolCommands: readonly CommandSpec[] = [
  {
    path: 'cook',
    summary: 'Work out what a formula comes to, as JSON; --persist stores it as a proto',
    description:
      'Without values the variables stay as {{name}} (compile); with --var, or --mode runtime, they are filled in and steps whose condition does not hold are left out.',
    args: [{ name: 'formula', summary: 'Name of a formula, or its file', required: true }],
    flags: [
      {
        name: 'mode',
        kind: 'string',
        values: ['compile', 'runtime'],
        summary: 'Keep variables or fill them in',
      },
      VAR,
      { name: 'dry-run', short: 'n', summary: 'For people: show the steps and store nothing' },
      { name: 'persist', summary: 'Store it as a proto' },
      { name: 'force', short: 'f', summary: 'Replace a stored proto' },
      { name: 'search-path', kind: 'list', summary: 'Folders to look in first' },
      { name: 'prefix', kind: 'string', summary: "In front of the proto's id" },
    ],
    examples: ['bd cook shiny --var feature=login --dry-run', 'bd cook mol-release --persist'],
    load: () => import('./cook.ts'),
  },
  { path: 'formula', summary: 'Formulas: reusable workflows' },
  {
    path: 'formula list',
    summary: 'Every formula that can be used here',
    flags: [
      {
        name: 'type',
        kind: 'string',
        values: ['workflow', 'convoy', 'expansion', 'aspect'],
        summary: 'Only this type',
      },
    ],
    load: async () => (await import('./formulas.ts')).list,
  },
  {
    path: 'formula show',
    summary: 'Variables, steps and composition of a formula',
    args: [{ name: 'name', summary: 'Name of the formula', required: true }],
    load: async () => (await import('./formulas.ts')).show,
  },
  {
    path: 'mol',
    aliases: ['molecule'],
    summary: 'Molecules: workflows that are under way',
    description: [
      'A formula is a text; cooked and stored it is a proto. `pour` makes a lasting molecule of it (one bead per step),',
      '`wisp` a passing one. `squash` turns a molecule into one digest, `burn` deletes it.',
    ].join(' '),
  },
  {
    path: 'mol pour',
    summary: 'Start a workflow whose steps are tracked and kept',
    args: [PROTO],
    flags: [
      VAR,
      ASSIGNEE,
      { name: 'attach', kind: 'list', summary: 'More formulas or protos to bond to it' },
      {
        name: 'attach-type',
        kind: 'string',
        values: BOND_TYPES,
        summary: 'How to bond them (default sequential)',
      },
      DRY_RUN,
    ],
    examples: ['bd mol pour shiny --var feature=login'],
    load: async () => (await import('./pour.ts')).pour,
  },
  {
    path: 'mol wisp',
    summary: 'Start a passing workflow: not versioned, gone after it is done',
    args: [PROTO],
    flags: WISP_FLAGS,
    examples: ['bd mol wisp mol-polecat-work --var issue=gt-abc'],
    load: async () => (await import('./pour.ts')).wisp,
  },
  {
    path: 'mol wisp create',
    summary: 'The same as bd mol wisp',
    args: [PROTO],
    flags: WISP_FLAGS,
    hidden: true,
    load: async () => (await import('./pour.ts')).wisp,
  },
  {
    path: 'mol wisp list',
    summary: 'Wisps that are open',
    flags: [
      { name: 'all', summary: 'The closed ones too' },
      { name: 'type', kind: 'string', summary: 'Only this type' },
    ],
    load: async () => (await import('./wisps.ts')).list,
  },
  {
    path: 'mol wisp gc',
    summary: 'Remove wisps that are closed for a while and that nothing names',
    flags: [
      { name: 'age', kind: 'duration', summary: 'How long they must be closed (default 1h)' },
      { name: 'closed', summary: 'However short they are closed' },
      { name: 'exclude-type', kind: 'list', summary: 'Leave these types' },
      { name: 'all', summary: 'Accepted: closed wisps are what is removed', hidden: true },
      { name: 'force', short: 'f', summary: 'Really remove them' },
      DRY_RUN,
    ],
    load: async () => (await import('./wisps.ts')).collect,
  },
  {
    path: 'mol bond',
    summary: 'Bond two molecules, beads, protos or formulas',
    description:
      'sequential: the second waits for the first. conditional: the same, for when the first fails. parallel: the second belongs to the first. A formula or proto is poured first.',
    args: [
      { name: 'first', summary: 'Id, or name of a formula', required: true },
      { name: 'second', summary: 'Id, or name of a formula', required: true },
    ],
    flags: [
      { name: 'type', kind: 'string', values: BOND_TYPES, summary: 'How (default sequential)' },
      { name: 'ref', kind: 'string', summary: 'What is poured gets the id <other>.<ref>' },
      VAR,
      { name: 'as', kind: 'string', summary: 'Title, when two protos become one' },
      { name: 'pour', summary: 'What is made lasts' },
      { name: 'ephemeral', summary: 'What is made passes' },
      DRY_RUN,
    ],
    exclusive: [['pour', 'ephemeral']],
    load: () => import('./bond.ts'),
  },
  {
    path: 'mol squash',
    summary: 'Turn a molecule into one closed digest',
    args: [ONE],
    flags: [
      { name: 'summary', kind: 'string', summary: 'What the digest says' },
      { name: 'keep-children', summary: 'Do not delete its wisps' },
      DRY_RUN,
    ],
    load: async () => (await import('./end.ts')).squash,
  },
  {
    path: 'mol burn',
    summary: 'Delete molecules and leave no digest (shows what would go until --force)',
    args: [{ ...ONE, many: true }],
    flags: [
      { name: 'force', short: 'f', summary: 'Really delete' },
      { name: 'yes', short: 'y', summary: 'The same as --force', hidden: true },
      DRY_RUN,
    ],
    load: async () => (await import('./end.ts')).burn,
  },
  {
    path: 'mol current',
    summary: 'Where you are in your molecule',
    args: [MOLECULE],
    flags: [
      { name: 'for', kind: 'string', summary: 'Whose molecules (default: yours)' },
      { name: 'range', kind: 'string', summary: 'Only these steps, such as 10-20' },
      { name: 'limit', kind: 'int', summary: 'At most this many steps' },
    ],
    load: async () => (await import('./where.ts')).current,
  },
  {
    path: 'mol progress',
    summary: 'How far a molecule is',
    args: [MOLECULE],
    load: async () => (await import('./where.ts')).progress,
  },
  {
    path: 'mol ready',
    summary: 'Steps of a molecule that can start; without an id, molecules whose gate has opened',
    args: [MOLECULE],
    flags: [{ name: 'gated', summary: 'Molecules whose gate has opened' }],
    load: () => import('./ready.ts'),
  },
  {
    path: 'mol show',
    summary: 'A molecule or proto with all its steps',
    args: [ONE],
    flags: [{ name: 'parallel', short: 'p', summary: 'JSON: also what can run side by side' }],
    load: async () => (await import('./look.ts')).show,
  },
  {
    path: 'mol stale',
    summary: 'Molecules whose steps are all done and that are open still',
    flags: [
      { name: 'blocking', summary: 'Only those that hold others back' },
      { name: 'unassigned', summary: 'Only those of nobody' },
      { name: 'all', summary: 'Those without steps too' },
    ],
    load: async () => (await import('./look.ts')).stale,
  },
  {
    path: 'mol last-activity',
    summary: 'When a molecule was worked on last',
    args: [ONE],
    load: async () => (await import('./where.ts')).lastActivity,
  },
  {
    path: 'mol seed',
    summary: 'Check that a formula is there and can be cooked',
    args: [{ name: 'formula', summary: 'Name of the formula', required: true }],
    flags: [VAR],
    load: async () => (await import('./formulas.ts')).seed,
  },
  {
    path: 'mol distill',
    summary: 'Write the formula that would make a molecule or epic again',
    args: [ONE, { name: 'name', summary: 'Name of the formula (default: from the title)' }],
    flags: [
      {
        name: 'var',
        kind: 'array',
        summary: 'variable=text: the text becomes that variable; repeat for more',
      },
      { name: 'output', kind: 'string', summary: 'Folder to write to (default .beads/formulas)' },
      { name: 'dry-run', short: 'n', summary: 'Only print it' },
    ],
    load: () => import('./distill.ts'),
  },
];
