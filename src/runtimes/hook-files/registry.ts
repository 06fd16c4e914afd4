import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import { messageOf } from '../../core/errors.ts';
import { corrupt } from '../../town/json-file.ts';
import { describeIssue } from '../../town/town-file.ts';
import type { HookEntry } from './layers.ts';

/** A hook that a town offers to its roles. */
const entrySchema = z.object({
  description: z._default(z.string(), ''),
  event: z.string().check(z.regex(/^[A-Z][A-Za-z]+$/)),
  /** The tools it stands before; empty = the event as such. */
  matchers: z._default(z.array(z.string()), []),
  command: z.string().check(z.minLength(1)),
  roles: z._default(z.array(z.string()), []),
  enabled: z._default(z.boolean(), true),
});
export type RegistryHook = z.infer<typeof entrySchema>;

const fileSchema = z.object({ hooks: z._default(z.record(z.string(), entrySchema), {}) });

export function hookRegistryPath(root: string): string {
  return join(root, 'hooks/registry.toml');
}

/** By name; empty when the town has no such file. UnreadableError `file.corrupt`. */
export async function readHookRegistry(ctx: TownContext): Promise<Readonly<Record<string, RegistryHook>>> {
  const path = hookRegistryPath(ctx.root);
  const text = await ctx.ports.files.readText(path);
  if (text === undefined) return {};
  const { parse } = await import('smol-toml');
  let doc: unknown;
  try {
    doc = parse(text);
  } catch (error) {
    throw corrupt(path, messageOf(error).split('\n')[0] ?? '');
  }
  const parsed = fileSchema.safeParse(doc);
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  return parsed.data.hooks;
}

/** Its entries, as they stand in a layer. */
export function entriesOf({ matchers, command }: RegistryHook): readonly HookEntry[] {
  const hooks = [{ type: 'command', command }];
  return (matchers.length === 0 ? [''] : matchers).map((matcher) => ({ matcher, hooks }));
}
