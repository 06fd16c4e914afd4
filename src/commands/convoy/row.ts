import * as z from 'zod/mini';
import { parseFields } from '../../beads/forms/fields.ts';
import type { Convoy, ConvoyMember } from '../../convoy/members.ts';
import { progressOf } from '../../convoy/progress.ts';
import type { ConvoyRow } from '../../ui/text/convoys.ts';

const trackedSchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  dependency_type: z.string(),
  issue_type: z.string(),
  assignee: z.optional(z.string()),
  mr: z.optional(z.string()),
});

export const convoySchema = z.object({
  id: z.string(),
  title: z.string(),
  status: z.string(),
  created_at: z.string(),
  owned: z.boolean(),
  lifecycle: z.string(),
  merge_strategy: z.optional(z.string()),
  tracked: z.array(trackedSchema),
  completed: z.number(),
  total: z.number(),
});

/** A convoy as data, in the words of the Go gt. */
export function convoyRow(convoy: Convoy): ConvoyRow {
  const { bead, members } = convoy;
  const { completed, total } = progressOf(convoy);
  const merge = parseFields(bead.description).get('Merge');
  const owned = bead.labels.includes('gt:owned');
  return {
    id: bead.id,
    title: bead.title,
    status: bead.status,
    created_at: bead.createdAt,
    owned,
    lifecycle: owned ? 'caller-managed' : 'system-managed',
    ...(merge === undefined ? {} : { merge_strategy: merge }),
    tracked: members.flatMap(memberRow),
    completed,
    total,
  };
}

/** A deleted bead is tracked no more; one that cannot be read says so. */
function memberRow(member: ConvoyMember): ConvoyRow['tracked'] {
  const { id, bead, liveMr } = member;
  const base = { id, dependency_type: 'tracks' };
  if (!bead.ok) return [{ ...base, title: '', status: 'unreadable', issue_type: '' }];
  if (bead.value === undefined) return [];
  const { title, status, type, assignee } = bead.value;
  return [
    {
      ...base,
      title,
      status,
      issue_type: type,
      ...(assignee === '' ? {} : { assignee }),
      ...(liveMr === undefined ? {} : { mr: liveMr }),
    },
  ];
}
