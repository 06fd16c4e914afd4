import type { LedgerTx, NewBead, Bead } from '../types.ts';

/** An edge of a bead that is about to be made. */
export interface NewEdge {
  readonly direction: 'from-new' | 'to-new';
  readonly other: string;
  readonly type: string;
  /** JSON object. */
  readonly metadata?: string;
}

/** `X` = the new bead depends on X; `blocks:X` = it blocks X; any other `type:X` = an edge of that type to X. */
export function parseNewEdge(text: string): NewEdge {
  const [, type, rest] = /^([a-z][a-z0-9_-]*):(.+)$/.exec(text.trim()) ?? [];
  if (type === undefined || rest === undefined || type === 'external') {
    return { direction: 'from-new', other: text.trim(), type: 'blocks' };
  }
  return { direction: type === 'blocks' ? 'to-new' : 'from-new', other: rest.trim(), type };
}

/** Creates the bead and its edges; the other ends may be partial ids of this database. */
export async function createWithEdges(tx: LedgerTx, bead: NewBead, edges: readonly NewEdge[]): Promise<Bead> {
  const made = await tx.create(bead);
  for (const { direction, other: typed, type, metadata } of edges) {
    const other = await otherEnd(tx, typed);
    const [from, to] = direction === 'from-new' ? [made.id, other] : [other, made.id];
    await tx.addEdge({ from, to, type, ...(metadata === undefined ? {} : { metadata }) });
  }
  return edges.length === 0 ? made : ((await tx.get(made.id)) ?? made);
}

/** A bead of this database by any form of its id; the id itself for one of another database. */
export async function otherEnd(tx: LedgerTx, typed: string): Promise<string> {
  if (typed.startsWith('external:')) return typed;
  const isElsewhere = typed.includes('-') && !typed.startsWith(`${tx.prefix}-`);
  return isElsewhere && (await tx.get(typed)) === undefined ? typed : (await tx.find(typed)).id;
}
