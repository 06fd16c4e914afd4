import * as z from 'zod/mini';
import type { TickReport } from '../../refinery/report.ts';

export const reportSchema = z.object({
  rig: z.string(),
  state: z.enum(['idle', 'done', 'held', 'disabled', 'stopped', 'lost']),
  landed: z.array(
    z.object({ mr: z.string(), issue: z.optional(z.string()), branch: z.string(), commit: z.string() }),
  ),
  evicted: z.array(
    z.object({ mr: z.string(), issue: z.optional(z.string()), branch: z.string(), why: z.string() }),
  ),
  conflicts: z.array(z.object({ mr: z.string(), task: z.optional(z.string()), paths: z.array(z.string()) })),
  runs: z.number(),
  untested: z.boolean(),
  waiting: z.array(z.string()),
  warnings: z.array(z.string()),
  retry_at: z.optional(z.string()),
});

/** A pass as --json prints it. */
export function reportData({ retryAt, ...report }: TickReport): z.infer<typeof reportSchema> {
  return {
    ...report,
    landed: [...report.landed],
    evicted: [...report.evicted],
    conflicts: report.conflicts.map((item) => ({ ...item, paths: [...item.paths] })),
    waiting: [...report.waiting],
    warnings: [...report.warnings],
    ...(retryAt === undefined ? {} : { retry_at: retryAt }),
  };
}
