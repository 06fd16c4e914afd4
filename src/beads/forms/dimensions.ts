import { UsageError } from '../../core/errors.ts';
import { MAX_DEPTH, hierarchyDepth } from '../words/ids.ts';
import { checkLabel } from '../words/texts.ts';
import type { Bead, LedgerTx } from '../types.ts';

/** Labels `dimension:value` as dimension → value; the first of a dimension counts. */
export function dimensionsOf(bead: Pick<Bead, 'labels'>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const label of bead.labels) {
    const at = label.indexOf(':');
    const dimension = label.slice(0, Math.max(at, 0));
    if (dimension !== '' && !found.has(dimension)) found.set(dimension, label.slice(at + 1));
  }
  return found;
}

export interface Dimension {
  readonly dimension: string;
  readonly value: string;
}

/** `dimension=value`. Throws UsageError `beads.bad-pair`. */
export function parseDimension(text: string): Dimension {
  const [, dimension = '', value = ''] = /^([^=:,\s]+)=(.+)$/.exec(text.trim()) ?? [];
  if (dimension !== '' && dimension !== 'gt') {
    checkLabel(`${dimension}:${value}`);
    return { dimension, value };
  }
  throw new UsageError({
    code: 'beads.bad-pair',
    message: `'${text.slice(0, 60)}' is not dimension=value`,
    hint: 'Write: bd set-state <id> health=failing',
  });
}

export interface DimensionChange extends Dimension {
  readonly before: string | undefined;
  /** The event bead; undefined when the value was there already. */
  readonly eventId: string | undefined;
}

/** Sets one dimension: every old label of it goes, and a closed child of type event records why. */
export async function setDimension(
  tx: LedgerTx,
  id: string,
  { dimension, value, reason }: Dimension & { readonly reason: string | undefined },
): Promise<DimensionChange> {
  const bead = await tx.find(id);
  const before = dimensionsOf(bead).get(dimension);
  if (before === value) return { dimension, value, before, eventId: undefined };
  const change =
    before === undefined ? `Set ${dimension} to ${value}` : `Changed ${dimension} from ${before} to ${value}`;
  // No child id fits there: the edge alone makes it a child.
  const isDeep = hierarchyDepth(bead.id) >= MAX_DEPTH;
  const event = await tx.create({
    title: `State change: ${dimension} → ${value}`,
    description: reason === undefined || reason === '' ? change : `${change}\n\nReason: ${reason}`,
    type: 'event',
    status: 'closed',
    priority: 4,
    ...(isDeep ? {} : { parent: bead.id }),
    noInheritLabels: true,
    keep: bead.table === 'issues' ? 'issue' : 'wisp',
  });
  if (isDeep) await tx.addEdge({ from: event.id, to: bead.id, type: 'parent-child' });
  for (const label of bead.labels)
    if (label.startsWith(`${dimension}:`)) await tx.removeLabel(bead.id, label);
  await tx.addLabel(bead.id, `${dimension}:${value}`);
  return { dimension, value, before, eventId: event.id };
}
