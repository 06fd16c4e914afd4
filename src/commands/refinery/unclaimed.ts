import { listing } from './listing.ts';

/** Merge requests that can be processed and that nobody holds. */
export const { run, schema } = listing(
  ({ why, claimedBy }) => why === undefined && claimedBy === undefined,
  'Nothing is unclaimed.',
);
