import type { Bead, NewBead } from '../../beads/types.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import type { SlingOptions } from './options.ts';

/** One bead to be slung, and to whom. */
export interface SlingItem {
  readonly bead: Bead;
  /** It is not there yet. */
  readonly fresh?: (NewBead & { readonly id: string }) | undefined;
  readonly to: Recipient;
}

/** What the words of `gt sling` come to. */
export interface SlingForm {
  readonly items: readonly SlingItem[];
  readonly options: SlingOptions;
}
