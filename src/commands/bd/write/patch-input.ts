import { canonicalType, parsePriority } from '../../../beads/words/kinds.ts';
import type { Bead, BeadPatch } from '../../../beads/types.ts';
import { parseWhen } from '../../../beads/words/when.ts';
import type { CommandInput } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { UsageError } from '../../../core/errors.ts';
import { parsePairs, readDescription, readObject } from '../texts.ts';

/** Makes the patch of one bead from the flags of `update`; what a flag adds to depends on the bead. */
export async function readPatch(app: AppContext, input: CommandInput): Promise<(bead: Bead) => BeadPatch> {
  const description = await readDescription(app, input);
  if (description === '') refuseEmpty(input);
  const fixed: BeadPatch = {
    ...readWords(input),
    ...readTimes(input, app.machine.clock.now()),
    ...(description === undefined ? {} : { description }),
    ...(await readMetadata(app, input)),
    ...(input.flag('status') === 'closed'
      ? { closedBySession: input.flag('session') ?? app.env['CLAUDE_SESSION_ID'] ?? '' }
      : {}),
  };
  const appended = input.flag('append-notes');
  return (bead) => ({
    ...fixed,
    ...(appended === undefined
      ? {}
      : { notes: [fixed.notes ?? bead.notes, appended].filter(Boolean).join('\n') }),
    // Who takes the date off wants it back, whatever put it off.
    ...(fixed.deferUntil === null && fixed.status === undefined && bead.status === 'deferred'
      ? { status: 'open' }
      : {}),
  });
}

/** A pipe that broke gives no text: it must not wipe a description. */
function refuseEmpty(input: CommandInput): void {
  const isTyped = input.flag('description') !== undefined || input.flag('body') !== undefined;
  if (isTyped || input.bool('allow-empty-description')) return;
  throw new UsageError({
    code: 'beads.no-text',
    message: 'the new description is empty',
    hint: 'Add --allow-empty-description to empty it',
  });
}

/** Flags that name a field and carry its text unchanged. */
const FIELDS = {
  title: 'title',
  status: 'status',
  assignee: 'assignee',
  design: 'design',
  'acceptance-criteria': 'acceptanceCriteria',
  acceptance: 'acceptanceCriteria',
  notes: 'notes',
  'external-ref': 'externalRef',
  'await-id': 'awaitId',
} as const satisfies Record<string, keyof BeadPatch>;

function readWords(input: CommandInput): BeadPatch {
  const given = Object.entries(FIELDS).flatMap(([flag, field]) => {
    const value = input.flag(flag);
    return value === undefined ? [] : [[field, value] as const];
  });
  const priority = input.flag('priority');
  const type = input.flag('type');
  const estimate = input.number('estimate');
  return {
    ...Object.fromEntries(given),
    ...(priority === undefined ? {} : { priority: parsePriority(priority) }),
    ...(type === undefined ? {} : { type: canonicalType(type) }),
    ...(estimate === undefined ? {} : { estimatedMinutes: estimate }),
  };
}

/** An empty time takes the time off. */
function readTimes(input: CommandInput, now: number): BeadPatch {
  const due = input.flag('due');
  const defer = input.flag('defer');
  return {
    ...(due === undefined ? {} : { dueAt: due === '' ? null : parseWhen(due, now) }),
    ...(defer === undefined ? {} : { deferUntil: defer === '' ? null : parseWhen(defer, now) }),
  };
}

async function readMetadata(app: AppContext, input: CommandInput): Promise<BeadPatch> {
  const whole = input.flag('metadata');
  const metadata = {
    ...(whole === undefined ? {} : await readObject(app, whole)),
    ...Object.fromEntries(
      Object.entries(parsePairs(input.list('set-metadata'))).map(([key, text]) => [key, typedValue(text)]),
    ),
    ...Object.fromEntries(input.list('unset-metadata').map((key) => [key, null])),
  };
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}

/** `5` and `true` keep their type, as bd does; what a number would write differently (`007`) stays text. */
function typedValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text !== '' && String(Number(text)) === text && Number.isFinite(Number(text)) ? Number(text) : text;
}
