import { parseMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { MergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { writeMrFields } from '../../../src/beads/forms/merge-request-fields.ts';
import type { MrFields } from '../../../src/beads/forms/merge-request-fields.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { parseBeadId, parseSha } from '../../../src/core/names.ts';
import type { Sha } from '../../../src/core/names.ts';

/** A commit id that says its number. */
export function shaOf(number: number): Sha {
  return parseSha(number.toString(16).padStart(40, '0'));
}

/** An open merge request bead with the given lines and columns. */
export function makeRequest(
  id: string,
  fields: Partial<MrFields> = {},
  columns: Partial<Bead> = {},
): MergeRequest {
  const bead = {
    id: parseBeadId(id),
    title: `Merge: ${id}`,
    status: 'open',
    priority: 2,
    labels: ['gt:merge-request'],
    createdAt: '2026-01-01T00:00:00Z',
    isBlocked: false,
    ...columns,
    description: writeMrFields('', { branch: `polecat/nux/${id}`, rig: 'proj', commit: shaOf(1), ...fields }),
  };
  return parseMergeRequest(bead as unknown as Bead);
}
