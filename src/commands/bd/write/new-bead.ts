import { canonicalType, parsePriority } from '../../../beads/words/kinds.ts';
import type { NewBead } from '../../../beads/types.ts';
import { parseWhen } from '../../../beads/words/when.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { readOwner } from '../author.ts';
import { PlainError } from '../plain-error.ts';
import { readDescription, readObject } from '../texts.ts';

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
    labels: [...input.list('labels'), ...input.list('label')],
    keep: readKeep(input, type),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: await readObject(app, metadata) }),
    ...(input.bool('no-inherit-labels') ? { noInheritLabels: true } : {}),
    ...(input.bool('force') ? { foreignPrefix: true } : {}),
    ...readFields(input),
    ...readTimes(input, app.machine.clock.now()),
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
  const other = input.flag('title');
  if (more.length > 0 || (other !== undefined && first !== undefined && other !== first)) {
    throw new UsageError({
      code: 'beads.two-titles',
      message: 'more than one title is given',
      hint: 'Put the title into quotes: bd create "fix the login"',
    });
  }
  return title;
}

/** Mail is ephemeral by kind. Agents, roles and rigs are not: their rows must outlive a restore. */
export function readKeep(input: CommandInput, type: string): NonNullable<NewBead['keep']> {
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
} as const satisfies Record<string, keyof NewBead>;

function readTimes(input: CommandInput, now: number): Partial<NewBead> {
  const [due, defer] = [input.flag('due') ?? '', input.flag('defer') ?? ''];
  return {
    ...(due === '' ? {} : { dueAt: parseWhen(due, now) }),
    ...(defer === '' ? {} : { deferUntil: parseWhen(defer, now) }),
  };
}

function readFields(input: CommandInput): Partial<NewBead> {
  const given = Object.entries(FIELDS).flatMap(([flag, field]) => {
    const value = input.flag(flag);
    return value === undefined ? [] : [[field, value] as const];
  });
  const estimate = input.number('estimate');
  return { ...Object.fromEntries(given), ...(estimate === undefined ? {} : { estimatedMinutes: estimate }) };
}
