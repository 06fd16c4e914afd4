import { BLOCKED_FLAGS, DANGLING_EDGES, MISPLACED_EDGES } from './edge-checks.ts';
import { BOTH_TABLES, CLOSING_TIMES, COUNTERS, IDENTITY, ORPHANS } from './row-checks.ts';
import type { LedgerCheck } from './run.ts';
import { CUSTOM_STATUSES, CUSTOM_TYPES, PREFIXES, SCHEMA } from './setting-checks.ts';

/** In the order in which they are repaired: what later ones rest on first. */
export const LEDGER_CHECKS: readonly LedgerCheck[] = [
  SCHEMA,
  CUSTOM_TYPES,
  CUSTOM_STATUSES,
  BOTH_TABLES,
  IDENTITY,
  MISPLACED_EDGES,
  DANGLING_EDGES,
  COUNTERS,
  ORPHANS,
  CLOSING_TIMES,
  PREFIXES,
  BLOCKED_FLAGS,
];
