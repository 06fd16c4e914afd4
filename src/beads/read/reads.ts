import { blockedBeads } from '../blocked/list.ts';
import { openBlockers } from '../blocked/open.ts';
import { edgesFrom, edgesTo } from '../edges/read.ts';
import type { LedgerScope } from '../sql/scope.ts';
import type { LedgerReads } from '../types.ts';
import { readConfig } from './config.ts';
import { epicProgress } from './epics.ts';
import { countBeads, countBeadsBy, listBeads, listsOfBeads } from './filter.ts';
import { findBead } from './find.ts';
import { readyBeads } from './ready.ts';
import { eventsOf, commentsOf } from './records.ts';
import { selectBead } from './select.ts';
import { countStatistics } from './statistics.ts';
import { surroundings } from './surroundings.ts';

/** The reading half of a ledger, on a connection or inside a transaction. */
export function createReads(scope: LedgerScope): LedgerReads {
  return {
    database: scope.database,
    prefix: scope.prefix,
    get: (id) => selectBead(scope, id),
    find: (text) => findBead(scope, text),
    list: (filter) => listBeads(scope, filter),
    lists: (filters) => listsOfBeads(scope, filters),
    count: (filter) => countBeads(scope, filter),
    countBy: (filter, by) => countBeadsBy(scope, filter, by),
    statistics: (assignee) => countStatistics(scope, assignee),
    ready: (filter) => readyBeads(scope, filter),
    epics: () => epicProgress(scope),
    blocked: (parent) => blockedBeads(scope, parent),
    openBlockers: (id) => openBlockers(scope, id),
    edgesFrom: (ids) => edgesFrom(scope, ids),
    edgesTo: (ids) => edgesTo(scope, ids),
    comments: (id) => commentsOf(scope, id),
    surroundings: (beads) => surroundings(scope, beads),
    events: (...ids) => eventsOf(scope, ids),
    config: () => readConfig(scope),
  };
}
