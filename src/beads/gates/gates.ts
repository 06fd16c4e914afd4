import { RefusedError, UsageError } from '../../core/errors.ts';
import type { Bead, LedgerReads, LedgerTx } from '../types.ts';
import { checkAwaitId } from './github.ts';
import type { GateType } from './types.ts';

/** Gates, oldest first. */
export function listGates(
  reads: LedgerReads,
  options: { readonly all: boolean; readonly limit?: number },
): Promise<readonly Bead[]> {
  return reads.list({
    type: ['gate'],
    order: 'created',
    reverse: true,
    ...(options.all ? {} : { notStatus: ['closed'] }),
    ...(options.limit === undefined || options.limit === 0 ? {} : { limit: options.limit }),
  });
}

/** Throws RefusedError `gate.not-a-gate`. */
export function asGate(bead: Bead): Bead {
  if (bead.type === 'gate') return bead;
  throw new RefusedError({
    code: 'gate.not-a-gate',
    message: `${bead.id} is not a gate (type ${bead.type})`,
    hint: 'Run: bd gate list',
  });
}

export interface NewGate {
  readonly blocks: Bead;
  readonly type: GateType;
  readonly awaitId: string;
  /** 0 = none. */
  readonly timeoutMs: number;
  readonly reason: string;
  readonly owner: string;
}

/** Makes a gate and lets the bead wait for it. UsageError `gate.no-time`, `gate.bad-await-id`. */
export async function createGate(tx: LedgerTx, gate: NewGate): Promise<Bead> {
  checkGate(gate);
  const made = await tx.create({
    title: `Gate: ${[gate.type, gate.awaitId].filter((word) => word !== '').join(' ')}`,
    description: [
      `Holds back ${gate.blocks.id}`,
      ...(gate.reason === '' ? [] : ['', `Reason: ${gate.reason}`]),
    ].join('\n'),
    type: 'gate',
    owner: gate.owner,
    awaitType: gate.type,
    awaitId: gate.awaitId,
    timeoutMs: gate.timeoutMs,
  });
  await tx.addEdge({ from: gate.blocks.id, to: made.id, type: 'blocks' });
  return made;
}

function checkGate({ type, awaitId, timeoutMs }: NewGate): void {
  if (type === 'timer' && timeoutMs <= 0) {
    throw new UsageError({
      code: 'gate.no-time',
      message: 'a timer gate needs the time after which it opens',
      hint: 'Add: --timeout 2h',
    });
  }
  if (awaitId !== '' || type === 'gh:pr' || type === 'bead') checkAwaitId(awaitId);
}

/** Who is told when the gate opens; one who is on the list stays once. @returns false when already there */
export async function addWaiter(tx: LedgerTx, id: string, waiter: string): Promise<boolean> {
  const gate = asGate(await tx.find(id));
  if (gate.waiters.includes(waiter)) return false;
  await tx.update(gate.id, { waiters: [...gate.waiters, waiter] });
  return true;
}
