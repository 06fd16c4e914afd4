import * as z from 'zod/mini';
import { beadChanges, type BeadChange } from '../../../beads/read/history.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { oneLine } from '../../../core/text.ts';
import { openVersions } from './versions.ts';

const issueSchema = z.nullable(z.record(z.string(), z.unknown()));

export const schema = z.array(
  z.object({
    IssueID: z.string(),
    DiffType: z.enum(['added', 'modified', 'removed']),
    OldValue: issueSchema,
    NewValue: issueSchema,
  }),
);

/** What changed between two versions. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const { store, database } = await openVersions(app, input);
  const [from, to] = [input.arg('from'), input.arg('to')];
  const changes = await beadChanges(await store.open(database), from, to);
  return {
    data: changes.map(({ id, kind, before, after }) => ({
      IssueID: id,
      DiffType: kind,
      OldValue: before === undefined ? null : issueJson(before),
      NewValue: after === undefined ? null : issueJson(after),
    })),
    text: changes.length === 0 ? `No bead changed between ${from} and ${to}` : changes.map(line).join('\n'),
  };
}

const MARKS = { added: '+', modified: '~', removed: '-' } as const;

function line({ id, kind, before, after }: BeadChange): string {
  const title = oneLine((after ?? before)?.title ?? '');
  const fields = before === undefined || after === undefined ? [] : changedFields(before, after);
  return `${MARKS[kind]} ${id}  ${title}${fields.length === 0 ? '' : `  (${fields.join(', ')})`}`;
}

function changedFields(before: Bead, after: Bead): readonly string[] {
  const [old, now] = [issueJson(before), issueJson(after)];
  const short = new Set(['status', 'priority', 'assignee', 'issue_type']);
  const changed = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (key) => key !== 'updated_at' && JSON.stringify(old[key]) !== JSON.stringify(now[key]),
  );
  const word = (value: unknown): string =>
    typeof value === 'string' || typeof value === 'number' ? oneLine(String(value)) : 'none';
  return changed.map((key) => (short.has(key) ? `${key}: ${word(old[key])} → ${word(now[key])}` : key));
}
