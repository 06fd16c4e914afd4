import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createLedgers } from '../../src/beads/ledgers.ts';
import type { Ledger } from '../../src/beads/types.ts';
import type { StorePlace } from '../support/open-store.ts';
import { openStore } from '../support/open-store.ts';
import { runWorkers } from '../support/workers.ts';
import { createClock } from '../../src/adapters/clock.ts';
import type { LedgerWorkerInput, LedgerWorkerLine } from './ledger-worker.ts';
import { systemRandom } from './ledger/setup.ts';

const WORKER = new URL('./ledger-worker.ts', import.meta.url);
const WORKERS = 20;
/** Rounds of each process, a create and a claim in each; half as many where commits are serial. */
const CREATES = { sqlite: 50, dolt: 25 } as const;
const CHILDREN = 5;

/** Twenty Node processes start at once: on a busy machine that alone takes a while. */
const PATIENCE_MS = 300_000;

/** Twenty processes on one ledger. */
export function processContract(place: () => StorePlace, database: string): void {
  test(
    'P15: 20 processes that create and claim: no duplicate, no lost row, one holder each',
    async () => {
      const store = openStore(place());
      await store.create(database, { prefix: 'fx', projectId: randomUUID() });
      const ledger = await openLedger(store, database);
      const creates = CREATES[store.kind];
      const claims = Array.from({ length: creates }, (_, index) => `fx-c${index}x`);
      await ledger.transaction('lead', async (tx) => {
        await tx.create({ id: 'fx-parent', title: 'Parent', type: 'epic' });
        for (const id of claims) await tx.create({ id, title: id });
      });

      const input = (index: number): LedgerWorkerInput => {
        // Each worker starts elsewhere in the list, so that all of it is contended at once.
        const start = (index * 7) % creates;
        return {
          place: place(),
          database,
          prefix: 'fx',
          actor: `proj/crew/w${index}`,
          creates,
          children: CHILDREN,
          parent: 'fx-parent',
          claims: [...claims.slice(start), ...claims.slice(0, start)],
        };
      };
      const outputs = (await runWorkers(WORKER, WORKERS, input)) as readonly (readonly LedgerWorkerLine[])[];

      const created = outputs.flatMap((lines) =>
        lines.flatMap((line) => ('created' in line ? [line.created] : [])),
      );
      const taken = outputs.map((lines) =>
        lines.flatMap((line) => ('claimed' in line ? [line.claimed] : [])),
      );
      expect(created).toHaveLength(WORKERS * creates);
      expect(new Set(created).size).toBe(WORKERS * creates);
      const beads = await ledger.list({});
      expect(new Set(beads.map((bead) => bead.id))).toEqual(new Set([...created, ...claims, 'fx-parent']));
      const numbers = created.filter((id) => id.startsWith('fx-parent.')).map((id) => Number(id.slice(10)));
      expect(numbers.toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: WORKERS * CHILDREN }, (_, index) => index + 1),
      );
      expect(taken.flat().toSorted()).toEqual(claims.toSorted());
      for (const [index, ids] of taken.entries()) {
        for (const id of ids) {
          expect(beads.find((bead) => bead.id === id)).toMatchObject({
            status: 'in_progress',
            assignee: `proj/crew/w${index}`,
          });
        }
      }
      await store.close();
    },
    PATIENCE_MS,
  );
}

async function openLedger(store: ReturnType<typeof openStore>, database: string): Promise<Ledger> {
  const routes = async () => [{ prefix: 'fx', database }];
  return createLedgers({ store, routes, clock: createClock(), random: systemRandom }).open(database);
}
