import { parseMergeRequest } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';

/** `metadata` of a task made by the merge queue: the merge request whose branch it repairs (spec 11 I). */
export const CONFLICT_OF_KEY = 'conflict_of';

/** Work on another bead's branch: its done pushes that branch and puts it back into the queue. */
export interface ConflictTask {
  readonly mr: MergeRequest;
  readonly target: string | undefined;
}

/** undefined when the bead is no such task, or its merge request was closed meanwhile. */
export async function readConflictTask(reads: LedgerReads, bead: Bead): Promise<ConflictTask | undefined> {
  const id = bead.metadata[CONFLICT_OF_KEY];
  const row = typeof id === 'string' ? await reads.get(id) : undefined;
  if (row === undefined || row.status === 'closed') return undefined;
  const mr = parseMergeRequest(row);
  return { mr, target: mr.target };
}
