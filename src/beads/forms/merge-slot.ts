import * as z from 'zod/mini';
import { NotFoundError, RefusedError, UnreadableError } from '../../core/errors.ts';
import type { Bead, LedgerReads, LedgerTx } from '../types.ts';

/** Who holds the slot of a database, and who is next. */
export interface MergeSlot {
  readonly id: string;
  readonly status: string;
  readonly holder: string | undefined;
  /** First come, first served. */
  readonly waiters: readonly string[];
  /** `description`: a bead of the Go gt, which keeps its state as JSON in the description. Read, never written. */
  readonly form: 'metadata' | 'description';
}

export type Acquired =
  | { readonly kind: 'acquired'; readonly slot: MergeSlot }
  | { readonly kind: 'held'; readonly slot: MergeSlot }
  /** `position` counts from 1. */
  | { readonly kind: 'waiting'; readonly slot: MergeSlot; readonly position: number };

const LABEL = 'gt:slot';
const FOREIGN = { label: 'gt:merge-slot', title: 'merge-slot' } as const;

const stateSchema = z.object({ holder: z.nullish(z.string()), waiters: z.nullish(z.array(z.string())) });

export function mergeSlotId(reads: LedgerReads): string {
  return `${reads.prefix}-merge-slot`;
}

/** The slot in either form, ours first. Throws UnreadableError `merge-slot.unreadable`. */
export async function readMergeSlot(reads: LedgerReads): Promise<MergeSlot | undefined> {
  const own = await reads.get(mergeSlotId(reads));
  if (own !== undefined) return slotOf(own, own.metadata, 'metadata');
  const [foreign] = (
    await reads.list({ labels: [FOREIGN.label], notStatus: ['closed'], order: 'id' })
  ).filter(({ title }) => title === FOREIGN.title);
  return foreign === undefined ? undefined : slotOf(foreign, parseJson(foreign), 'description');
}

function slotOf(bead: Bead, state: unknown, form: MergeSlot['form']): MergeSlot {
  const parsed = stateSchema.safeParse(state);
  if (!parsed.success) throw unreadable(bead.id);
  const isHeld = form === 'description' || bead.status !== 'open';
  return {
    id: bead.id,
    status: bead.status,
    holder: isHeld ? parsed.data.holder || undefined : undefined,
    waiters: parsed.data.waiters ?? [],
    form,
  };
}

function parseJson(bead: Bead): unknown {
  try {
    return JSON.parse(bead.description.trim() || '{}');
  } catch {
    throw unreadable(bead.id);
  }
}

/** Taking a slot whose holder cannot be read would let two merge at once. */
function unreadable(id: string): UnreadableError {
  return new UnreadableError({
    code: 'merge-slot.unreadable',
    message: `cannot read who holds the merge slot ${id}`,
    hint: `Look at it with: bd show ${id}`,
  });
}

/** Makes the slot where there is none; takes over one of the other form with its holder and waiters. */
export async function createMergeSlot(tx: LedgerTx): Promise<MergeSlot> {
  const slot = await readMergeSlot(tx);
  if (slot?.form === 'metadata') return slot;
  const made = await tx.create({
    id: mergeSlotId(tx),
    title: 'Merge slot',
    description: 'Whoever holds this may merge; its metadata says who, and who waits.',
    priority: 0,
    status: slot?.holder === undefined ? 'open' : 'in_progress',
    labels: [LABEL],
    metadata: slot === undefined ? {} : stateOf(slot),
  });
  if (slot !== undefined) await tx.close(slot.id, { reason: `Moved to ${made.id}`, force: true });
  return slotOf(made, made.metadata, 'metadata');
}

function stateOf({ holder, waiters }: Pick<MergeSlot, 'holder' | 'waiters'>) {
  return { holder: holder ?? null, waiters: waiters.length === 0 ? null : waiters };
}

/** Takes the slot for `holder`; with `wait` a held one notes who waits. Taking it twice is fine. */
export async function acquireMergeSlot(
  tx: LedgerTx,
  holder: string,
  options: { readonly wait: boolean },
): Promise<Acquired> {
  const slot = await writableSlot(tx);
  if (slot.holder === holder) return { kind: 'acquired', slot };
  const others = slot.waiters.filter((name) => name !== holder);
  if (slot.status === 'open') {
    return { kind: 'acquired', slot: await writeSlot(tx, slot, { holder, waiters: others }) };
  }
  if (!options.wait) return { kind: 'held', slot };
  const waiters = slot.waiters.includes(holder) ? slot.waiters : [...slot.waiters, holder];
  const waiting = await writeSlot(tx, slot, { holder: slot.holder, waiters });
  return { kind: 'waiting', slot: waiting, position: waiters.indexOf(holder) + 1 };
}

/**
 * Gives the slot back; the first who waits has it with the same commit. A free slot stays free.
 * Throws RefusedError `merge-slot.not-yours`, NotFoundError `merge-slot.missing`.
 */
export async function releaseMergeSlot(tx: LedgerTx, holder: string): Promise<MergeSlot> {
  const slot = await writableSlot(tx);
  if (slot.status === 'open') return slot;
  if (slot.holder !== undefined && slot.holder !== holder) {
    throw new RefusedError({
      code: 'merge-slot.not-yours',
      message: `slot held by ${slot.holder}, not ${holder}`,
      hint: `If ${slot.holder} is gone: bd merge-slot release --holder ${slot.holder}`,
    });
  }
  const [next, ...rest] = slot.waiters;
  return writeSlot(tx, slot, { holder: next, waiters: rest });
}

async function writableSlot(tx: LedgerTx): Promise<MergeSlot> {
  const slot = await readMergeSlot(tx);
  if (slot === undefined) throw noSlot(mergeSlotId(tx));
  return slot.form === 'metadata' ? slot : createMergeSlot(tx);
}

function noSlot(id: string): NotFoundError {
  return new NotFoundError({
    code: 'merge-slot.missing',
    message: `there is no merge slot ${id}`,
    hint: 'Run: bd merge-slot create',
  });
}

/** The guard is the status it was read with: two who take it at once cannot both win. */
async function writeSlot(
  tx: LedgerTx,
  slot: MergeSlot,
  state: Pick<MergeSlot, 'holder' | 'waiters'>,
): Promise<MergeSlot> {
  const status = state.holder === undefined ? 'open' : 'in_progress';
  const bead = await tx.update(slot.id, { status, metadata: stateOf(state) }, { status: slot.status });
  return slotOf(bead, bead.metadata, 'metadata');
}
