import { blockedBeads } from './blocked-list.ts';
import { openBlockers } from './close-rules.ts';
import { commentCounts, commentsOf } from './comments.ts';
import { readConfig } from './config.ts';
import { edgesFrom, edgesTo } from './edges-read.ts';
import { eventsOf } from './events.ts';
import { countBeads, listBeads } from './filter.ts';
import { findBead } from './find.ts';
import { readyBeads } from './ready.ts';
import type { LedgerScope } from './scope.ts';
import { selectBead } from './select.ts';
import type { LedgerReads } from './types.ts';

/** The reading half of a ledger, on a connection or inside a transaction. */
export function createReads(scope: LedgerScope): LedgerReads {
  return {
    database: scope.database,
    prefix: scope.prefix,
    get: (id) => selectBead(scope, id),
    find: (text) => findBead(scope, text),
    list: (filter) => listBeads(scope, filter),
    count: (filter) => countBeads(scope, filter),
    ready: (filter) => readyBeads(scope, filter),
    blocked: () => blockedBeads(scope),
    openBlockers: (id) => openBlockers(scope, id),
    edgesFrom: (ids) => edgesFrom(scope, ids),
    edgesTo: (ids) => edgesTo(scope, ids),
    comments: (id) => commentsOf(scope, id),
    commentCounts: (ids) => commentCounts(scope, ids),
    events: (id) => eventsOf(scope, id),
    config: () => readConfig(scope),
  };
}
