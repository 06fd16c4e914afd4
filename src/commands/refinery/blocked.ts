import { listing } from './listing.ts';

/** Merge requests that cannot be processed now, and what holds them. */
export const { run, schema } = listing(({ why }) => why !== undefined, 'Nothing is blocked.');
