import { BugError, UnavailableError } from '../core/errors.ts';
import type { RigName } from '../core/names.ts';
import type { HeldLock } from '../ports/locks.ts';
import type { TownContext } from '../beads/context.ts';

declare const leaseBrand: unique symbol;

/**
 * Proof of being the only merge engine of a rig on this machine: the lock `refinery-<rig>` is held. Whoever
 * pushes to a target must show one (P8). Made only here.
 */
export interface MergeLease extends AsyncDisposable {
  readonly [leaseBrand]: true;
  readonly rig: RigName;
  /** Throws BugError when the lock was given back. */
  assertHeld(): void;
}

export type LeaseOutcome =
  | { readonly got: true; readonly lease: MergeLease }
  /** Another engine of this rig runs; `by` says who. */
  | { readonly got: false; readonly by: string };

/** Takes the rig's merge lock without waiting: two engines never queue up behind each other. */
export async function takeMergeLease(
  ctx: Pick<TownContext, 'ports'>,
  rig: RigName,
  purpose: string,
): Promise<LeaseOutcome> {
  try {
    const lock = await ctx.ports.locks.acquire(`refinery-${rig}`, { waitMs: 0, purpose });
    return { got: true, lease: makeLease(rig, lock) };
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'lock.held') {
      return { got: false, by: error.message };
    }
    throw error;
  }
}

function makeLease(rig: RigName, lock: HeldLock): MergeLease {
  let held = true;
  const lease = {
    rig,
    assertHeld: () => {
      if (!held)
        throw new BugError({ code: 'bug.merge-lease', message: `merge lock of ${rig} was released` });
    },
    [Symbol.asyncDispose]: async () => {
      held = false;
      await lock.release();
    },
  };
  return lease as unknown as MergeLease;
}
