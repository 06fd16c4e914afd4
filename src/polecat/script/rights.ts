import { wrapperOf } from '../../beads/forms/sling-terms.ts';
import type { Bead } from '../../beads/types.ts';
import { parseAddress } from '../../core/address.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';

/** Who may have set a script: people and crew. Anything else, also a text that names nobody, may not (DESIGN D12). */
export function mayOrderScript(by: string): boolean {
  try {
    const { role } = parseAddress(by);
    return role === 'overseer' || role === 'crew';
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** What the bead's agent is to be started through, as words; [] = nothing. RefusedError `sling.order-rights`. */
export function orderedWrapper(bead: Pick<Bead, 'id' | 'metadata'>): readonly string[] {
  const order = wrapperOf(bead);
  if (order === undefined) return [];
  if (mayOrderScript(order.by)) return order.argv;
  throw new RefusedError({
    code: 'sling.order-rights',
    message: `the wrapper of ${bead.id} was set by ${order.by}: only people and crew may`,
    hint: `Sling it anew: gt sling ${bead.id}`,
  });
}
