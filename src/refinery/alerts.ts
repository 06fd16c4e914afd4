import type { Bead, LedgerTx } from '../beads/types.ts';
import { oneLine } from '../core/text.ts';

export interface Alert {
  /** Kind and subject: at most one open alert has this key. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly priority: number;
  /** `bug` can be dispatched to a worker, `escalation` waits for a person. */
  readonly kind: 'bug' | 'escalation';
}

/** Opens an alert bead, or counts one more on the open one of the same key (P11). */
export async function raiseAlert(tx: LedgerTx, alert: Alert): Promise<void> {
  const known = await openAlert(tx, alert.key);
  if (known !== undefined) {
    const count = Number(known.metadata['alert_count'] ?? 1) + 1;
    await tx.update(known.id, { metadata: { alert_count: count } });
    return;
  }
  await tx.create({
    title: oneLine(alert.title, 300),
    description: alert.text,
    type: alert.kind === 'bug' ? 'bug' : 'task',
    priority: alert.priority,
    labels: [`gt:${alert.kind}`],
    noInheritLabels: true,
    metadata: { alert_key: alert.key, alert_count: 1 },
  });
}

/** Closes the open alert of a key, if there is one. */
export async function clearAlert(tx: LedgerTx, key: string, reason: string): Promise<void> {
  const known = await openAlert(tx, key);
  if (known !== undefined) await tx.close(known.id, { reason, force: true });
}

async function openAlert(tx: LedgerTx, key: string): Promise<Bead | undefined> {
  const open = await tx.list({ anyLabel: ['gt:bug', 'gt:escalation'], notStatus: ['closed'] });
  return open.find((bead) => bead.metadata['alert_key'] === key);
}
