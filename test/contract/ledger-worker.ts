import { createLedgers } from '../../src/beads/ledgers.ts';
import type { LedgerTx } from '../../src/beads/types.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { RefusedError, UnavailableError } from '../../src/core/errors.ts';
import { openStore, type StorePlace } from '../support/open-store.ts';

/** What the parent passes as JSON. */
export interface LedgerWorkerInput {
  readonly place: StorePlace;
  readonly database: string;
  readonly prefix: string;
  readonly actor: string;
  readonly seconds: number;
  /** Epic of all workers. */
  readonly parent: string;
  /** Bead whose metadata.count all workers count up. */
  readonly counter: string;
  /** Beads that every worker tries to claim, labels, comments and links. */
  readonly shared: readonly string[];
}

/** One line of output per acknowledged write; `unlinking` before it is asked for, `half` when half of the time is over. */
export type LedgerWorkerLine =
  | { readonly did: 'created'; readonly id: string; readonly title: string }
  | { readonly did: 'claimed'; readonly id: string }
  | { readonly did: 'closed'; readonly id: string }
  | { readonly did: 'linked'; readonly id: string; readonly to: string }
  | { readonly did: 'unlinking'; readonly id: string; readonly to: string }
  | { readonly did: 'unlinked'; readonly id: string; readonly to: string }
  | { readonly did: 'labelled'; readonly id: string; readonly text: string }
  | { readonly did: 'commented'; readonly id: string; readonly text: string }
  | { readonly did: 'counted'; readonly count: number }
  | { readonly did: 'half' };

/** A write that is chosen before its transaction, which may run twice. */
type Act = (tx: LedgerTx) => Promise<LedgerWorkerLine>;

const input = JSON.parse(process.argv[2] ?? '') as LedgerWorkerInput;
const store = openStore(input.place);
const clock = createClock();
const random = createRandom();
const ledger = await createLedgers({
  store,
  clock,
  random,
  routes: async () => [{ prefix: input.prefix, database: input.database }],
}).open(input.database);

/** Beads that this worker made or claimed and has not closed. */
const own = new Set<string>();
/** `id to` */
const links = new Set<string>();
let serial = 0;

const CHOICES = [
  create,
  create,
  create,
  claim,
  claim,
  close,
  link,
  link,
  link,
  unlink,
  label,
  comment,
  count,
];

const start = clock.monotonic();
const elapsed = () => clock.monotonic() - start;
let isHalf = false;
while (elapsed() < input.seconds * 1000) {
  if (!isHalf && elapsed() > input.seconds * 500) {
    isHalf = true;
    tell({ did: 'half' });
  }
  const act = pick(CHOICES)();
  if (act !== undefined) await attempt(act);
}
await store.close();

async function attempt(act: Act): Promise<void> {
  try {
    const done = await ledger.transaction(input.actor, act);
    if (done.did === 'created' || done.did === 'claimed') own.add(done.id);
    if (done.did === 'closed') own.delete(done.id);
    if (done.did === 'linked') links.add(`${done.id} ${done.to}`);
    tell(done);
  } catch (error) {
    // A refusal is an answer, and a server that is away has acknowledged nothing.
    if (!(error instanceof RefusedError || error instanceof UnavailableError)) throw error;
  }
}

function tell(line: LedgerWorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function pick<T>(from: Iterable<T>): T {
  const list = [...from];
  const [a = 0, b = 0] = random.bytes(2);
  return list[(a * 256 + b) % list.length] as T;
}

function create(): Act {
  // The same titles in all workers: only the ledger keeps their ids apart.
  const title = `Work ${(serial += 1)}`;
  const kind = pick([{}, {}, { parent: input.parent }, { keep: 'wisp' as const }]);
  return async (tx) => ({ did: 'created', id: (await tx.create({ title, ...kind })).id, title });
}

function claim(): Act {
  const id = pick(input.shared);
  return async (tx) => ({ did: 'claimed', id: (await tx.claim(id, input.actor)).id });
}

function close(): Act | undefined {
  if (own.size === 0) return undefined;
  const id = pick(own);
  return async (tx) => ({ did: 'closed', id: (await tx.close(id, { reason: 'done' })).id });
}

function link(): Act | undefined {
  if (own.size === 0) return undefined;
  const [id, to] = [pick(own), pick([...input.shared, ...own])];
  const type = pick(['blocks', 'conditional-blocks', 'waits-for', 'related']);
  if (links.has(`${id} ${to}`)) return undefined;
  return async (tx) => {
    await tx.addEdge({ from: id, to, type });
    return { did: 'linked', id, to };
  };
}

/** Once only: when the answer is lost, nobody knows whether the link still is. */
function unlink(): Act | undefined {
  if (links.size === 0) return undefined;
  const chosen = pick(links);
  const [id = '', to = ''] = chosen.split(' ');
  links.delete(chosen);
  tell({ did: 'unlinking', id, to });
  return async (tx) => {
    if (!(await tx.removeEdge(id, to))) throw new Error(`the link ${id} -> ${to} was lost`);
    return { did: 'unlinked', id, to };
  };
}

function label(): Act {
  const [id, text] = [pick(input.shared), `${input.actor}-${(serial += 1)}`];
  return async (tx) => {
    await tx.addLabel(id, text);
    return { did: 'labelled', id, text };
  };
}

function comment(): Act {
  const [id, text] = [pick(input.shared), `${input.actor} says ${(serial += 1)}`];
  return async (tx) => {
    await tx.comment(id, text);
    return { did: 'commented', id, text };
  };
}

/** Read, add one, write: what somebody else counted meanwhile must not be lost. */
function count(): Act {
  return async (tx) => {
    const next = Number((await tx.get(input.counter))?.metadata['count'] ?? 0) + 1;
    await tx.update(input.counter, { metadata: { count: next } });
    return { did: 'counted', count: next };
  };
}
