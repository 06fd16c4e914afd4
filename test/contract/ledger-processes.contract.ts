import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLedgers } from '../../src/beads/ledgers.ts';
import { createClock } from '../../src/adapters/clock.ts';
import type { Ledger } from '../../src/beads/types.ts';
import { openStore, type StorePlace } from '../support/open-store.ts';
import { startWorker, type Worker } from '../support/workers.ts';
import type { LedgerWorkerInput, LedgerWorkerLine } from './ledger-worker.ts';
import { examineLedger, systemRandom } from './ledger/setup.ts';

const WORKER = new URL('./ledger-worker.ts', import.meta.url);
const WORKERS = 16;
/** The nightly run sets a minute. */
const SECONDS = Number(process.env['GT_TEST_SECONDS'] ?? 10);
const SHARED = Array.from({ length: 40 }, (_, index) => `fx-c${index}x`);

/** Sixteen Node processes start at once: on a busy machine that alone takes a while. */
const PATIENCE_MS = 240_000 + 2000 * SECONDS;

/** Where the processes meet, and who is killed without warning when half of the time is over. */
export interface ProcessArena {
  readonly place: () => StorePlace;
  readonly database: string;
  readonly title: string;
  kill(workers: readonly Worker[]): Promise<void>;
}

/** Sixteen processes on one ledger: each acknowledged write is there afterwards, as it was acknowledged. */
export function processContract(arena: ProcessArena): void {
  test(
    `P15: ${WORKERS} processes create, claim, close, link, label and comment at random ${arena.title}: nothing twice, nothing lost`,
    async () => {
      const clock = createClock();
      const store = openStore(arena.place());
      await store.create(arena.database, { prefix: 'fx', projectId: randomUUID() });
      const routes = async () => [{ prefix: 'fx', database: arena.database }];
      const ledger = await createLedgers({ store, routes, clock, random: systemRandom }).open(arena.database);
      await ledger.transaction('lead', async (tx) => {
        await tx.create({ id: 'fx-parent', title: 'Parent', type: 'epic' });
        await tx.create({ id: 'fx-counter', title: 'Counter' });
        for (const id of SHARED) await tx.create({ id, title: id });
      });

      const workers = Array.from({ length: WORKERS }, (_, index) =>
        startWorker(WORKER, {
          place: arena.place(),
          database: arena.database,
          prefix: 'fx',
          actor: `w${index}`,
          seconds: SECONDS,
          parent: 'fx-parent',
          counter: 'fx-counter',
          shared: SHARED,
        } satisfies LedgerWorkerInput),
      );
      await workers[0]?.line((line) => (line as LedgerWorkerLine).did === 'half');
      await arena.kill(workers);
      const told = (await Promise.all(workers.map(({ done }) => done))) as (readonly LedgerWorkerLine[])[];

      await holdsAll(ledger, told);
      const reports = await examineLedger(store, ledger, { clock });
      expect(reports.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
      await store.close();
    },
    PATIENCE_MS,
  );
}

/** @param told what each worker was told has happened */
async function holdsAll(ledger: Ledger, told: readonly (readonly LedgerWorkerLine[])[]): Promise<void> {
  const all = told.flat();
  const only = <Did extends LedgerWorkerLine['did']>(did: Did) =>
    all.filter((line): line is Extract<LedgerWorkerLine, { did: Did }> => line.did === did);
  for (const did of [
    'created',
    'claimed',
    'closed',
    'linked',
    'unlinked',
    'labelled',
    'commented',
  ] as const) {
    expect(only(did).length, did).toBeGreaterThan(0);
  }
  const beads = new Map((await ledger.list({})).map((bead) => [bead.id as string, bead]));

  const created = only('created');
  expect(new Set(created.map(({ id }) => id)).size).toBe(created.length);
  for (const { id, title } of created) expect(beads.get(id)?.title, id).toBe(title);

  const takers = new Map<string, Set<number>>();
  for (const [worker, lines] of told.entries()) {
    for (const line of lines) {
      if (line.did !== 'claimed') continue;
      takers.set(line.id, (takers.get(line.id) ?? new Set()).add(worker));
    }
  }
  for (const [id, workers] of takers) {
    expect([...workers].map((worker) => `w${worker}`)).toEqual([beads.get(id)?.assignee]);
    expect(['in_progress', 'closed']).toContain(beads.get(id)?.status);
  }
  for (const { id } of only('closed')) expect(beads.get(id)?.status, id).toBe('closed');

  const edges = new Set((await ledger.edgesFrom([...beads.keys()])).map(({ from, to }) => `${from} ${to}`));
  const unsure = new Set(only('unlinking').map(({ id, to }) => `${id} ${to}`));
  const linked = only('linked').map(({ id, to }) => `${id} ${to}`);
  expect(linked.filter((edge) => !unsure.has(edge) && !edges.has(edge))).toEqual([]);

  for (const id of SHARED) {
    const texts = (await ledger.comments(id)).map(({ text }) => text);
    const said = only('commented').filter((line) => line.id === id);
    expect(texts).toEqual(expect.arrayContaining(said.map(({ text }) => text)));
    const labels = only('labelled').filter((line) => line.id === id);
    expect(beads.get(id)?.labels).toEqual(expect.arrayContaining(labels.map(({ text }) => text)));
  }
  const counts = only('counted').map(({ count }) => count);
  expect(new Set(counts).size).toBe(counts.length);
  // Whoever was killed in the middle may have counted without hearing of it, nobody twice.
  expect(beads.get('fx-counter')?.metadata['count']).toBeGreaterThanOrEqual(counts.length);
  expect(beads.get('fx-counter')?.metadata['count']).toBeLessThanOrEqual(counts.length + WORKERS);
}
