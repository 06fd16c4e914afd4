import type { TownContext } from '../../beads/context.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { Ledger } from '../../beads/types.ts';
import { NotFoundError } from '../../core/errors.ts';
import { findMergeRequest } from '../../refinery/find-request.ts';
import { listRigs } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';

export interface OpenRequest {
  readonly rig: Rig;
  readonly ledger: Ledger;
  readonly mr: MergeRequest;
}

/** A merge request of any rig: by its prefix when it is an id, else the first rig that knows it. */
export async function openRequest(ctx: TownContext, text: string): Promise<OpenRequest> {
  const rigs = await listRigs(ctx);
  const byPrefix = rigs.filter((rig) => text.startsWith(`${rig.prefix}-`));
  let missing: unknown;
  for (const rig of byPrefix.length > 0 ? byPrefix : rigs) {
    const ledger = await ctx.ledgers.open(rig.database);
    try {
      return { rig, ledger, mr: await findMergeRequest(ledger, rig, text) };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      missing = error;
    }
  }
  throw (
    missing ?? new NotFoundError({ code: 'mq.not-found', message: `no merge request '${text.slice(0, 60)}'` })
  );
}
