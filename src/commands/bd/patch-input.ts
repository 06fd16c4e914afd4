import { canonicalType, parsePriority } from '../../beads/kinds.ts';
import type { Bead, BeadPatch } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { parseObject, parsePairs, readDescription } from './texts.ts';

/** Makes the patch of one bead from the flags of `update`; what a flag adds to depends on the bead. */
export async function readPatch(app: AppContext, input: CommandInput): Promise<(bead: Bead) => BeadPatch> {
  const description = await readDescription(app, input);
  const fixed: BeadPatch = {
    ...readWords(input),
    ...readTimes(input),
    ...(description === undefined ? {} : { description }),
    ...readMetadata(input),
  };
  const appended = input.flag('append-notes');
  if (appended === undefined) return () => fixed;
  return (bead) => ({ ...fixed, notes: [fixed.notes ?? bead.notes, appended].filter(Boolean).join('\n') });
}

/** Flags that name a field and carry its text unchanged. */
const FIELDS = {
  title: 'title',
  status: 'status',
  assignee: 'assignee',
  design: 'design',
  acceptance: 'acceptanceCriteria',
  notes: 'notes',
  'external-ref': 'externalRef',
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
function readTimes(input: CommandInput): BeadPatch {
  const due = input.flag('due');
  const defer = input.flag('defer');
  return {
    ...(due === undefined ? {} : { dueAt: due === '' ? null : due }),
    ...(defer === undefined ? {} : { deferUntil: defer === '' ? null : defer }),
  };
}

function readMetadata(input: CommandInput): BeadPatch {
  const whole = input.flag('metadata');
  const metadata = {
    ...(whole === undefined ? {} : parseObject(whole)),
    ...parsePairs(input.list('set-metadata')),
    ...Object.fromEntries(input.list('unset-metadata').map((key) => [key, null])),
  };
  return Object.keys(metadata).length === 0 ? {} : { metadata };
}
