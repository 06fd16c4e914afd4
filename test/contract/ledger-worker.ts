import { createLedgers } from '../../src/beads/ledgers.ts';
import type { LedgerTx } from '../../src/beads/types.ts';
import { createClock } from '../../src/adapters/clock.ts';
import { createRandom } from '../../src/adapters/random.ts';
import { GtError } from '../../src/core/errors.ts';
import { openStore } from '../support/open-store.ts';
import type { StorePlace } from '../support/open-store.ts';

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

/** One line of output per acknowledged write; `half` when half of the time is over. */
export type LedgerWorkerLine =
  | { readonly did: 'created'; readonly id: string; readonly title: string }
  | { readonly did: 'claimed' | 'closed'; readonly id: string }
  | { readonly did: 'linked' | 'unlinked'; readonly id: string; readonly to: string }
  | { readonly did: 'labelled' | 'commented'; readonly id: string; readonly text: string }
  | { readonly did: 'counted'; readonly count: number }
  | { readonly did: 'half' };

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

/** Open beads of this worker alone: made or claimed, not yet closed. */
const own: string[] = [];
const links: (readonly [string, string])[] = [];
let serial = 0;

/** Closes what is its own; half of the links then hold one of its beads back, which is refused. */
const ACTS: readonly (readonly [times: number, act: (tx: LedgerTx) => Promise<LedgerWorkerLine | undefined>])[] = [
  [4, create],
  [3, claim],
  [2, close],
  [4, link],
  [2, unlink],
  [2, label],
  [2, comment],
  [2, count],
];
const acts = ACTS.flatMap(([times, act]) => Array.from({ length: times }, () => act));

const start = clock.monotonic();
let isHalf = false;
for (let spent = 0; spent < input.seconds * 1000; spent = clock.monotonic() - start) {
  if (!isHalf && spent > input.seconds * 500) tell({ did: 'half' });
  isHalf ||= spent > input.seconds * 500;
  const act = pick(acts);
  try {
    const done = await ledger.transaction(input.actor, act);
    if (done === undefined) continue;
    remember(done);
    tell(done);
  } catch (error) {
    // A refusal is an answer, and a server that is away has acknowledged nothing.
    if (!(error instanceof GtError) || !/^(?:Refused|Unavailable)Error$/.test(error.name)) throw error;
  }
}
await store.close();

function tell(line: LedgerWorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function remember(line: LedgerWorkerLine): void {
  if (line.did === 'created' || line.did === 'claimed') own.push(line.id);
  if (line.did === 'closed') own.splice(own.indexOf(line.id), 1);
  if (line.did === 'linked') links.push([line.id, line.to]);
  if (line.did === 'unlinked') links.splice(links.findIndex(([id, to]) => id === line.id && to === line.to), 1);
}

function pick<T>(list: readonly T[]): T {
  const [a = 0, b = 0] = random.bytes(2);
  return list[(a * 256 + b) % list.length] as T;
}

async function create(tx: LedgerTx): Promise<LedgerWorkerLine> {
  // The same for all: only the ledger keeps their ids apart.
  const title = `Work ${(serial += 1)}`;
  const kind = pick([{}, {}, { parent: input.parent }, { keep: 'wisp' as const }]);
  return { did: 'created', id: (await tx.create({ title, ...kind })).id, title };
}

async function claim(tx: LedgerTx): Promise<LedgerWorkerLine | undefined> {
  const id = pick(input.shared);
  if (own.includes(id)) return undefined;
  return { did: 'claimed', id: (await tx.claim(id, input.actor)).id };
}

async function close(tx: LedgerTx): Promise<LedgerWorkerLine | undefined> {
  if (own.length === 0) return undefined;
  return { did: 'closed', id: (await tx.close(pick(own), { reason: 'done' })).id };
}

async function link(tx: LedgerTx): Promise<LedgerWorkerLine | undefined> {
  if (own.length === 0) return undefined;
  const [id, to] = [pick(own), pick([...input.shared, ...own])];
  if (links.some(([from, target]) => from === id && target === to)) return undefined;
  await tx.addEdge({ from: id, to, type: pick(['blocks', 'blocks', 'related', 'waits-for']) });
  return { did: 'linked', id, to };
}

async function unlink(tx: LedgerTx): Promise<LedgerWorkerLine | undefined> {
  if (links.length === 0) return undefined;
  const [id, to] = pick(links);
  if (!(await tx.removeEdge(id, to))) throw new Error(`the link ${id} -> ${to} was lost`);
  return { did: 'unlinked', id, to };
}

async function label(tx: LedgerTx): Promise<LedgerWorkerLine> {
  const [id, text] = [pick(input.shared), `${input.actor}-${(serial += 1)}`];
  await tx.addLabel(id, text);
  return { did: 'labelled', id, text };
}

async function comment(tx: LedgerTx): Promise<LedgerWorkerLine> {
  const [id, text] = [pick(input.shared), `${input.actor} says ${(serial += 1)}`];
  await tx.comment(id, text);
  return { did: 'commented', id, text };
}

/** Read, add one, write: what somebody else counted meanwhile must not be lost. */
async function count(tx: LedgerTx): Promise<LedgerWorkerLine> {
  const next = Number((await tx.get(input.counter))?.metadata['count'] ?? 0) + 1;
  await tx.update(input.counter, { metadata: { count: next } });
  return { did: 'counted', count: next };
}
