import * as z from 'zod/mini';

/** One agent as --json shows it; the keys of the Go gt. */
export const agentSchema = z.strictObject({
  name: z.string(),
  command: z.string(),
  args: z.optional(z.string()),
  type: z.enum(['built-in', 'custom']),
  is_custom: z.boolean(),
});
