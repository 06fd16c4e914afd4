import { parseMergeRequest } from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../../beads/types.ts';

/** `metadata` of a task made by the merge queue: the merge request whose branch it repairs (spec 11 I). */
export const CONFLICT_OF_KEY = 'conflict_of';

/** Work on another bead's branch: its done pushes that branch and puts it back into the queue. */
export interface ConflictTask {
  /** undefined = it was decided meanwhile: there is nothing to repair, and its branch must not come back as a new one. */
  readonly mr: MergeRequest | undefined;
}

/** undefined when the bead is no such task. */
export async function readConflictTask(reads: LedgerReads, bead: Bead): Promise<ConflictTask | undefined> {
  const id = bead.metadata[CONFLICT_OF_KEY];
  if (typeof id !== 'string') return undefined;
  const row = await reads.get(id);
  return { mr: row === undefined || row.status === 'closed' ? undefined : parseMergeRequest(row) };
}

/** How a task without a merge request ends. */
export const NOTHING_TO_REPAIR = 'its merge request was decided meanwhile: nothing to repair';
