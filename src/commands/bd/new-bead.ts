import { canonicalType, parsePriority } from '../../beads/kinds.ts';
import type { NewBead } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { readOwner } from './author.ts';
import { PlainError } from './plain-error.ts';
import { parseObject, readDescription } from './texts.ts';

/** The bead that the flags of `create` describe. Throws UsageError; PlainError for a title that reads as a flag. */
export async function readNewBead(app: AppContext, input: CommandInput): Promise<NewBead> {
  const title = readTitle(input);
  const type = canonicalType(input.flag('type') ?? 'task');
  const metadata = input.flag('metadata');
  const description = await readDescription(app, input);
  return {
    title,
    type,
    priority: parsePriority(input.flag('priority') ?? '2'),
    owner: await readOwner(app),
    labels: input.list('labels'),
    keep: readKeep(input, type),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: parseObject(metadata) }),
    ...(input.bool('no-inherit-labels') ? { noInheritLabels: true } : {}),
    ...readFields(input),
  };
}

function readTitle(input: CommandInput): string {
  const [first, ...more] = input.args('title');
  const title = input.flag('title') ?? first ?? '';
  if (title.trim().startsWith('-')) {
    throw new PlainError({
      code: 'beads.flag-like-title',
      message: [
        `Error: title ${JSON.stringify(title)} looks like a flag (starts with '-').`,
        "  Run 'bd create --help' for available options.",
      ].join('\n'),
    });
  }
  if (more.length > 0 || (input.flag('title') !== undefined && first !== undefined)) {
    throw new UsageError({
      code: 'beads.two-titles',
      message: 'more than one title is given',
      hint: 'Put the title into quotes: bd create "fix the login"',
    });
  }
  return title;
}

/** Mail is ephemeral by kind. Agents, roles and rigs are not: their rows must outlive a restore. */
function readKeep(input: CommandInput, type: string): NonNullable<NewBead['keep']> {
  if (input.bool('ephemeral') || type === 'message') return 'wisp';
  return input.bool('no-history') ? 'no-history' : 'issue';
}

/** Flags that name a field of the bead and carry its text unchanged. */
const FIELDS = {
  design: 'design',
  acceptance: 'acceptanceCriteria',
  notes: 'notes',
  id: 'id',
  parent: 'parent',
  assignee: 'assignee',
  'external-ref': 'externalRef',
  'mol-type': 'molType',
  'wisp-type': 'wispType',
  due: 'dueAt',
  defer: 'deferUntil',
} as const satisfies Record<string, keyof NewBead>;

function readFields(input: CommandInput): Partial<NewBead> {
  const given = Object.entries(FIELDS).flatMap(([flag, field]) => {
    const value = input.flag(flag);
    return value === undefined ? [] : [[field, value] as const];
  });
  const estimate = input.number('estimate');
  return { ...Object.fromEntries(given), ...(estimate === undefined ? {} : { estimatedMinutes: estimate }) };
}
