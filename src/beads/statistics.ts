import { parentChildren } from './children.ts';
import { isDone } from './kinds.ts';
import type { Bead, LedgerReads } from './types.ts';

/** Counts over all issues of one database; wisps are no work and left out. */
export interface Statistics {
  readonly total: number;
  readonly open: number;
  readonly inProgress: number;
  readonly closed: number;
  readonly blocked: number;
  readonly deferred: number;
  readonly ready: number;
  readonly pinned: number;
  /** Open epics with children, all of them closed. */
  readonly closableEpics: number;
  /** Creation to closing, mean over closed beads, one decimal. */
  readonly leadTimeHours: number;
}

/** Six queries, however many beads there are. */
export async function countStatistics(reads: LedgerReads): Promise<Statistics> {
  const beads = await reads.list({ tables: ['issues'] });
  const ready = await reads.ready({});
  const withStatus = (status: string) => beads.filter((bead) => bead.status === status).length;
  return {
    total: beads.length,
    open: withStatus('open'),
    inProgress: withStatus('in_progress'),
    closed: withStatus('closed'),
    blocked: beads.filter((bead) => bead.isBlocked && bead.status !== 'closed').length,
    deferred: withStatus('deferred'),
    ready: ready.filter((bead) => bead.table === 'issues').length,
    pinned: withStatus('pinned'),
    closableEpics: await countClosableEpics(reads, beads),
    leadTimeHours: meanLeadTime(beads),
  };
}

async function countClosableEpics(reads: LedgerReads, beads: readonly Bead[]): Promise<number> {
  const epics = beads.filter((bead) => bead.type === 'epic' && bead.status !== 'closed');
  const children = await parentChildren(
    reads,
    epics.map((epic) => epic.id),
  );
  return epics.filter((epic) => {
    const own = children.get(epic.id) ?? [];
    return own.length > 0 && own.every((child) => isDone(child.status));
  }).length;
}

function meanLeadTime(beads: readonly Bead[]): number {
  const hours = beads.flatMap((bead) =>
    bead.closedAt === undefined ? [] : [(Date.parse(bead.closedAt) - Date.parse(bead.createdAt)) / 3_600_000],
  );
  if (hours.length === 0) return 0;
  const mean = hours.reduce((sum, value) => sum + value, 0) / hours.length;
  return Math.round(mean * 10) / 10;
}
