import { boolKind, choiceKind, intKind, key, optional, textKind } from '../town/key-kinds.ts';
import type { KeyTable } from '../town/layers.ts';

const RIG_PROPERTIES = {
  status: key(
    choiceKind(['operational', 'parked', 'docked']),
    'operational',
    'Parked or docked: no work is given to the rig',
  ),
  auto_restart: key(boolKind, true, 'The daemon starts agents of the rig again that have died'),
  auto_start_on_up: key(boolKind, false, 'gt up opens the rig again that was parked'),
  max_polecats: optional(intKind(1), 'Polecats of the rig at work at once; absent = 10'),
  priority_adjustment: {
    ...key(intKind(), 0, 'Added to the priority of its queued beads (less = sooner); all places together'),
    sums: true,
  },
  dnd: key(boolKind, false, 'Its agents are not typed to, as if each had said gt dnd on'),
  polecat_branch_template: key(
    textKind,
    '',
    'Name of new branches: {name}, {issue}, {title}, {user}, {year}, {month}; empty = polecat/{name}/{issue}@…',
  ),
  default_formula: optional(textKind, 'Formula that polecats follow, before workflow.default_formula'),
} as const;

/** What operators set on a rig from day to day, beside its settings file (spec 01 §7). */
export const PROPERTY_TABLE: KeyTable<typeof RIG_PROPERTIES> = {
  keys: RIG_PROPERTIES,
  noun: 'rig property',
  list: 'gt rig config show <rig>',
  kept: [],
  outdated: {},
};
