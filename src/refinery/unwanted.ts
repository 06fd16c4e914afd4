import { parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { LedgerTx } from '../beads/types.ts';
import { RefusedError } from '../core/errors.ts';

/**
 * The row as it is now, inside the transaction that decides about it. RefusedError `mq.unwanted` when it was closed or
 * got another head since it was looked at: a rejection is never undone, and a new head never judged by the old one.
 */
export async function readWanted(
  tx: LedgerTx,
  { mr, head }: { readonly mr: string; readonly head: string | undefined },
): Promise<MergeRequest> {
  const bead = await tx.get(mr);
  const now = bead === undefined || bead.status === 'closed' ? undefined : parseMergeRequest(bead);
  if (now !== undefined && now.commit === head) return now;
  throw new RefusedError({ code: 'mq.unwanted', message: `${mr} has changed since it was looked at` });
}

export function isUnwanted(error: unknown): error is RefusedError {
  return error instanceof RefusedError && error.code === 'mq.unwanted';
}
