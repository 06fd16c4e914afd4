import { canonicalType, parsePriority } from '../../beads/kinds.ts';
import type { BeadFilter } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import { parsePairs } from './texts.ts';

/** The filter that the flags of FILTER_FLAGS describe; without --status no filter on status. */
export function readFilter(input: CommandInput): BeadFilter {
  return { ...readWords(input), ...readTexts(input), ...readSets(input), ...readTimes(input) };
}

export const ORDER_NAMES = [
  'priority',
  'created',
  'updated',
  'closed',
  'status',
  'id',
  'title',
  'type',
  'assignee',
] as const;

/** --sort and --reverse. */
export function readOrder(input: CommandInput): BeadFilter {
  const order = ORDER_NAMES.find((name) => name === input.flag('sort'));
  return { ...optional('order', order), ...(input.bool('reverse') ? { reverse: true } : {}) };
}

function readWords(input: CommandInput): BeadFilter {
  const status = input.list('status').map((word) => word.toLowerCase());
  const priority = input.flag('priority');
  return {
    ...(status.length === 0 || status.includes('all') ? {} : { status }),
    ...optional('assignee', input.bool('no-assignee') ? '' : input.flag('assignee')),
    ...optional('priority', priority === undefined ? undefined : parsePriority(priority)),
    ...optional('parent', input.flag('parent')),
    ...(input.bool('no-parent') ? { noParent: true } : {}),
    ...(input.bool('pinned') ? { pinned: true } : {}),
    ...optional('molType', input.flag('mol-type')),
    ...optional('wispType', input.flag('wisp-type')),
  };
}

function readTexts(input: CommandInput): BeadFilter {
  return {
    ...optional('titleContains', input.flag('title') ?? input.flag('title-contains')),
    ...optional('descriptionContains', input.flag('desc-contains')),
    ...optional('notesContains', input.flag('notes-contains')),
  };
}

function readSets(input: CommandInput): BeadFilter {
  const pairs = parsePairs(input.list('metadata-field'));
  return {
    ...list('type', input.list('type').map(canonicalType)),
    ...list('notType', input.list('exclude-type').map(canonicalType)),
    ...list('labels', input.list('label')),
    ...list('anyLabel', input.list('label-any')),
    ...list('notLabels', input.list('exclude-label')),
    ...list('ids', input.list('id')),
    ...(Object.keys(pairs).length === 0 ? {} : { metadata: pairs }),
  };
}

function readTimes(input: CommandInput): BeadFilter {
  return {
    ...optional('createdAfter', input.flag('created-after')),
    ...optional('createdBefore', input.flag('created-before')),
    ...optional('updatedAfter', input.flag('updated-after')),
    ...optional('updatedBefore', input.flag('updated-before')),
    ...optional('closedAfter', input.flag('closed-after')),
    ...optional('closedBefore', input.flag('closed-before')),
  };
}

function optional<K extends keyof BeadFilter>(key: K, value: BeadFilter[K]): BeadFilter {
  return value === undefined ? {} : { [key]: value };
}

function list(key: keyof BeadFilter, values: readonly string[]): BeadFilter {
  return values.length === 0 ? {} : { [key]: values };
}
