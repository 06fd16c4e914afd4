import * as z from 'zod/mini';
import type { KeyReport } from '../../town/layers.ts';

/** One setting as --json shows it. */
export const keySchema = z.strictObject({
  key: z.string(),
  value: z.unknown(),
  source: z.string(),
  summary: z.string(),
});

export function keyData({ key, value, source, summary }: KeyReport): z.infer<typeof keySchema> {
  return { key, value, source, summary };
}
