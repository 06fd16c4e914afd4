import * as z from 'zod/mini';
import type { TownEvent } from '../../town/events.ts';
import { eventMessage } from '../../ui/text/event-line.ts';

export const eventSchema = z.object({
  ts: z.string(),
  source: z.string(),
  type: z.string(),
  actor: z.string(),
  payload: z.record(z.string(), z.unknown()),
  visibility: z.string(),
  message: z.string(),
});

export function eventJson(event: TownEvent): z.infer<typeof eventSchema> {
  return { ...event, payload: { ...event.payload }, message: eventMessage(event) };
}
