import * as z from 'zod/mini';
import { GtError } from '../core/errors.ts';
import type { RemovedParts } from '../ui/text/removed.ts';

/** Fields of a row of `gt polecat nuke|remove` and `gt crew remove`, beside who and how it ended. */
export const removalFields = {
  steps: z.array(z.string()),
  released: z.array(z.string()),
  rescued: z.array(z.string()),
  read_back: z.array(z.string()),
  set_aside: z.optional(z.string()),
  reason: z.optional(z.string()),
};

interface RemovalReport {
  readonly steps: readonly { readonly do: string }[];
  readonly released: readonly string[];
  readonly rescued: readonly string[];
  readonly readBack: readonly string[];
  readonly setAside: string | undefined;
}

export function partsOf({ steps, released, rescued, readBack, setAside }: RemovalReport): RemovedParts {
  return {
    steps: steps.map((step) => step.do),
    released,
    rescued,
    read_back: readBack,
    ...(setAside === undefined ? {} : { set_aside: setAside }),
  };
}

/** One refusal is the command's own error; among several the others still go. */
export function refusal(error: unknown, single: boolean): RemovedParts & { readonly reason: string } {
  if (single || !(error instanceof GtError)) throw error;
  return { steps: [], released: [], rescued: [], read_back: [], reason: error.message };
}
