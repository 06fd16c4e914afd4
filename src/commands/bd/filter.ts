import { canonicalType, parsePriority } from '../../beads/words/kinds.ts';
import { locateBead } from '../../beads/locate.ts';
import { allNodes, type QueryNode } from '../../beads/query/node.ts';
import type { BeadChoice, BeadFilter } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { BdHome } from './open.ts';
import { ORDER_NAMES, TERM_FLAGS } from './spec-flags.ts';
import { parsePairs } from './texts.ts';
import { knownStatuses, knownTypes } from './known-words.ts';

/** What the flags of FILTER_FLAGS describe; without --status no filter on status. Throws what `readChoice` throws. */
export async function readFilter(beads: BdHome, input: CommandInput): Promise<BeadChoice> {
  const status = [...input.list('status'), ...input.list('state')];
  return {
    ...(await readChoice(beads, input)),
    ...(status.length === 0 || status.includes('all')
      ? {}
      : { status: await knownStatuses(beads.home, status) }),
  };
}

/**
 * What the flags of CHOICE_FLAGS describe. Throws UsageError for an unknown type and NotFoundError for a parent that is
 * not there: an empty list would lie.
 */
export async function readChoice(beads: BdHome, input: CommandInput): Promise<BeadChoice> {
  const priority = input.flag('priority');
  const parent = input.flag('parent') ?? input.flag('filter-parent');
  const pairs = parsePairs(input.list('metadata-field'));
  const types = input.list('type').map(canonicalType);
  return {
    ...optional('assignee', input.flag('assignee')),
    ...optional('priority', priority === undefined ? undefined : parsePriority(priority)),
    ...optional('parent', parent === undefined ? undefined : await idOf(beads, parent)),
    ...(input.bool('no-parent') ? { noParent: true } : {}),
    ...(input.bool('pinned') ? { pinned: true } : {}),
    ...(input.bool('no-pinned') ? { pinned: false } : {}),
    ...list('type', types.length === 0 ? [] : await knownTypes(beads.home, types)),
    ...list('notType', input.list('exclude-type').map(canonicalType)),
    ...list('labels', input.list('label')),
    ...list('anyLabel', input.list('label-any')),
    ...list('notLabels', input.list('exclude-label')),
    ...list('ids', input.list('id')),
    ...(Object.keys(pairs).length === 0 ? {} : { metadata: pairs }),
    ...optional('query', termQuery(input)),
  };
}

/** --sort and --reverse. */
export function readOrder(input: CommandInput): BeadFilter {
  const order = ORDER_NAMES.find((name) => name === input.flag('sort'));
  return { ...(order === undefined ? {} : { order }), ...(input.bool('reverse') ? { reverse: true } : {}) };
}

/** --limit, else `normal`; undefined = all. */
export function readLimit(input: CommandInput, normal: number): number | undefined {
  return (input.number('limit') ?? normal) || undefined;
}

/** The full id of a bead that a flag names. Throws NotFoundError `bead.not-found`. */
export async function idOf({ ledgers, home }: BdHome, typed: string): Promise<string> {
  return (await locateBead(ledgers, home, typed)).bead.id;
}

/** What the flags of TERM_FLAGS ask for, all of it. */
function termQuery(input: CommandInput): QueryNode | undefined {
  const nodes = TERM_FLAGS.flatMap((flag): readonly QueryNode[] => {
    const [field, op, fixed] = flag.term;
    const value = fixed === undefined ? input.flag(flag.name) : input.bool(flag.name) ? fixed : undefined;
    return value === undefined ? [] : [{ kind: 'compare', field, op, value }];
  });
  const open: QueryNode = { kind: 'compare', field: 'status', op: '!=', value: 'closed' };
  return allNodes(input.bool('overdue') ? [...nodes, open] : nodes);
}

function optional<K extends keyof BeadChoice>(key: K, value: BeadChoice[K]): BeadChoice {
  return value === undefined ? {} : { [key]: value };
}

function list(key: keyof BeadChoice, values: readonly string[]): BeadChoice {
  return values.length === 0 ? {} : { [key]: values };
}
