import { createLedgers } from '../../src/beads/ledgers.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { openStore } from '../support/open-store.ts';
import type { StorePlace } from '../support/open-store.ts';

/** What the parent passes as JSON. */
export interface LedgerWorkerInput {
  readonly place: StorePlace;
  readonly database: string;
  readonly prefix: string;
  readonly actor: string;
  /** Beads to create; all with the same title, so that only the ledger keeps their ids apart. */
  readonly creates: number;
  /** Beads that every worker tries to claim. */
  readonly claims: readonly string[];
  /** Children to create under one parent of all workers. */
  readonly children: number;
  readonly parent: string;
}

/** One line of output per acknowledged write. */
export type LedgerWorkerLine = { readonly created: string } | { readonly claimed: string };

const input = JSON.parse(process.argv[2] ?? '') as LedgerWorkerInput;
const store = openStore(input.place);
const ledgers = createLedgers({
  store,
  clock: createClock(),
  random: createRandom(),
  routes: async () => [{ prefix: input.prefix, database: input.database }],
});
const ledger = await ledgers.open(input.database);

function tell(line: LedgerWorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

for (let index = 0; index < input.creates; index += 1) {
  const isChild = index < input.children;
  const bead = await ledger.transaction(input.actor, (tx) =>
    tx.create({ title: 'Same for all', ...(isChild ? { parent: input.parent } : {}) }),
  );
  tell({ created: bead.id });
  const wanted = input.claims[index % Math.max(1, input.claims.length)];
  if (wanted === undefined) continue;
  try {
    await ledger.transaction(input.actor, (tx) => tx.claim(wanted, input.actor));
    tell({ claimed: wanted });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'bead.claimed')) throw error;
  }
}
await store.close();
