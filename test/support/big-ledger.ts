import { insertRows } from '../../src/beads/sql/insert-rows.ts';
import { newRow } from '../../src/beads/write/new-row.ts';
import type { Database, SqlRow } from '../../src/ports/store.ts';

/** Rows of one transaction. */
const BATCH = 5000;
const EPIC_SIZE = 20;
/** One wisp for as many beads. */
const WISP_EVERY = 10;
const CLOSED_SHARE = 0.7;
const MINUTE = 60_000;
const END = Date.parse('2026-03-01T12:00:00Z');

/**
 * A ledger after years of work, three edges per bead: epics of twenty, the first 70 % of the beads closed, each
 * blocked by one not far before it and related to any other; a wisp for every tenth. Rows are written as rows (through the ledger a hundred
 * thousand take an hour): the caller computes `is_blocked` afterwards. @returns the ids, oldest first
 */
export async function fillBigLedger(
  database: Database,
  prefix: string,
  count: number,
): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, index) => spreadId(prefix, index));
  for (let from = 0; from < count; from += BATCH) {
    const batch = ids.slice(from, from + BATCH).map((id, offset) => ({ id, index: from + offset }));
    await database.transaction(async (sql) => {
      await insertRows(
        sql,
        'issues',
        batch.map(({ id, index }) => beadRow(id, index, count)),
      );
      await insertRows(
        sql,
        'labels',
        batch.map(({ id, index }) => ({ issue_id: id, label: `area-${index % 11}` })),
      );
      await insertRows(
        sql,
        'dependencies',
        batch.flatMap(({ index }) => edgeRows(ids, index)),
      );
      const wisps = batch.filter(({ index }) => index % WISP_EVERY === 0);
      await insertRows(
        sql,
        'wisps',
        wisps.map(({ id, index }) => ({ ...beadRow(wispId(id), index, count), ephemeral: 1 })),
      );
      await insertRows(
        sql,
        'wisp_dependencies',
        wisps.map(({ id, index }) => edgeRow(`w${index}`, wispId(id), 'tracks', id)),
      );
    });
  }
  return ids;
}

/** Six characters that look like a hash: the factor has no divisor in common with 36, so no two are equal. */
function spreadId(prefix: string, index: number): string {
  return `${prefix}-${(((index + 1) * 1_000_000_007) % 36 ** 6).toString(36).padStart(6, '0')}`;
}

function beadRow(id: string, index: number, count: number): SqlRow {
  const isClosed = index < count * CLOSED_SHARE;
  const facts = {
    id,
    type: index % EPIC_SIZE === 0 ? 'epic' : 'task',
    status: isClosed ? 'closed' : 'open',
    actor: 'ann',
    now: new Date(END - (count - index) * MINUTE).toISOString().slice(0, 19).replace('T', ' '),
  };
  const description = 'What is to be done, and how to see that it is done.\n'.repeat(4);
  return newRow({ title: `Task ${index}`, description, priority: index % 5 }, facts);
}

/** Parent (or, of an epic, a relation), a blocker among the fifty before, a relation to any bead before. */
function edgeRows(ids: readonly string[], index: number): readonly SqlRow[] {
  if (index < EPIC_SIZE) return [];
  const epic = index - (index % EPIC_SIZE);
  const targets: readonly (readonly [number, string])[] = [
    index === epic ? [index - 1, 'relates-to'] : [epic, 'parent-child'],
    [blockerOf(index, epic), 'blocks'],
    [(index * 7919) % Math.max(1, index - 60), 'discovered-from'],
  ];
  // Two targets that fall on one bead make one edge.
  const edges = [...new Map(targets)];
  return edges.map(([target, type], at) =>
    edgeRow(`${index}-${at}`, ids[index] ?? '', type, ids[target] ?? ''),
  );
}

function edgeRow(id: string, from: string, type: string, to: string): SqlRow {
  return {
    id: id.padStart(16, '0'),
    issue_id: from,
    type,
    created_at: '2026-03-01 12:00:00',
    created_by: 'ann',
    metadata: '{}',
    thread_id: '',
    depends_on_issue_id: to,
  };
}

function wispId(id: string): string {
  return id.replace('-', '-wisp-');
}

/** Every fourth bead waits for one of the epic before its own, the rest for closed work of long ago. */
function blockerOf(index: number, epic: number): number {
  return index % 4 === 2 ? epic - 2 - (index % 7) * 2 : Math.floor(index / 3);
}
