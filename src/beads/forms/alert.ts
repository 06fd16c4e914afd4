import { oneLine } from '../../core/text.ts';
import type { Bead, LedgerTx } from '../types.ts';
import { writeFields } from './fields.ts';
import type { FieldPatch } from './fields.ts';

export interface Alert {
  /** Kind and subject: at most one open alert has this key. */
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly priority: number;
  /** `bug` can be dispatched to a worker, `escalation` waits for a person. */
  readonly kind: 'bug' | 'escalation';
  /** Lines of the description that programs read (spec 03 §8). */
  readonly lines?: FieldPatch;
}

/** `metadata` key of an alert: its `key`. */
export const ALERT_KEY = 'alert_key';

/** Opens an alert bead, or counts one more on the open one of the same key (P11). Its bead. */
export async function raiseAlert(tx: LedgerTx, alert: Alert): Promise<Bead> {
  const known = await openAlert(tx, alert.key);
  if (known !== undefined) {
    const count = Number(known.metadata['alert_count'] ?? 1) + 1;
    return tx.update(known.id, { metadata: { alert_count: count } });
  }
  const { kind, lines = {} } = alert;
  return tx.create({
    title: oneLine(alert.title, 300),
    description: [writeFields('', lines), alert.text].filter((part) => part !== '').join('\n\n'),
    type: kind === 'bug' ? 'bug' : 'task',
    priority: alert.priority,
    labels: [`gt:${kind}`, ...(kind === 'bug' ? [] : [`severity:${severityOf(alert)}`])],
    noInheritLabels: true,
    metadata: { [ALERT_KEY]: alert.key, alert_count: 1 },
  });
}

function severityOf({ priority }: Alert): 'critical' | 'high' | 'medium' | 'low' {
  return (['critical', 'high', 'medium'] as const)[priority] ?? 'low';
}

/** Closes the open alert of a key, if there is one. */
export async function clearAlert(tx: LedgerTx, key: string, reason: string): Promise<void> {
  const known = await openAlert(tx, key);
  if (known !== undefined) await tx.close(known.id, { reason, force: true });
}

async function openAlert(tx: LedgerTx, key: string): Promise<Bead | undefined> {
  const open = await tx.list({ anyLabel: ['gt:bug', 'gt:escalation'], notStatus: ['closed'] });
  return open.find((bead) => bead.metadata[ALERT_KEY] === key);
}
