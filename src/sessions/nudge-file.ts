import * as z from 'zod/mini';

/** One queued nudge (spec 03 §5). Go writes the same files. */
export interface Nudge {
  /** Address of who nudges. */
  readonly sender: string;
  readonly message: string;
  readonly priority: 'normal' | 'urgent';
  readonly kind: string | undefined;
  /** RFC 3339. */
  readonly timestamp: string;
  /** Unix ms; undefined = does not expire. */
  readonly expiresAt: number | undefined;
  readonly deliverAfter: number | undefined;
}

const text = z.optional(z.string());
const schema = z.object({
  sender: text,
  message: z.string(),
  priority: text,
  kind: text,
  timestamp: text,
  expires_at: text,
  deliver_after: text,
});

/** The text of a queue file; undefined when it is torn or foreign. */
export function parseNudge(content: string): Nudge | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) return undefined;
  const { sender, message, priority, kind, timestamp, expires_at, deliver_after } = parsed.data;
  return {
    sender: sender ?? 'unknown',
    message,
    priority: priority === 'urgent' ? 'urgent' : 'normal',
    kind,
    timestamp: timestamp ?? '',
    expiresAt: momentOf(expires_at),
    deliverAfter: momentOf(deliver_after),
  };
}

export function formatNudge(nudge: Nudge): string {
  const { sender, message, priority, kind, timestamp, expiresAt, deliverAfter } = nudge;
  return `${JSON.stringify({
    sender,
    message,
    priority,
    ...(kind === undefined ? {} : { kind }),
    timestamp,
    ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
    ...(deliverAfter === undefined ? {} : { deliver_after: new Date(deliverAfter).toISOString() }),
  })}\n`;
}

/** Go writes year 1 for "not set". */
function momentOf(time: string | undefined): number | undefined {
  const ms = time === undefined || time.startsWith('0001-') ? NaN : Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}
