import { join } from 'node:path';
import * as z from 'zod/mini';
import type { AppContext } from '../../../context.ts';
import { RefusedError } from '../../../core/errors.ts';
import { parsePrefix } from '../../../core/names.ts';
import { counted } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.object({
  old_prefix: z.string(),
  new_prefix: z.string(),
  issues_count: z.number(),
  dry_run: z.optional(z.literal(true)),
});

/**
 * Gives all beads of a folder without a town another prefix, in ids and texts. Throws RefusedError `beads.in-town`:
 * there routes, agents, branches and convoys of other databases name the ids.
 */
export const run = onLedger(async ({ app, input, beads, home, write }) => {
  const prefix = parsePrefix(input.arg('prefix'));
  if (beads.town !== undefined) {
    throw new RefusedError({
      code: 'beads.in-town',
      message: `${home.database} is a rig of a town: its agents, branches and convoys carry the prefix ${home.prefix}`,
      hint: 'Add the project again under the new prefix: gt rig add --prefix',
    });
  }
  if (prefix === home.prefix) {
    throw new RefusedError({ code: 'beads.same-prefix', message: `the prefix is ${prefix} already` });
  }
  const data = { old_prefix: home.prefix, new_prefix: prefix };
  if (input.bool('dry-run')) {
    const count = await home.count({ includeTemplates: true });
    return {
      data: { ...data, issues_count: count, dry_run: true },
      text: `Would rename ${counted(count, 'bead')} from ${home.prefix}-… to ${prefix}-…`,
    };
  }
  const count = await write(`rename prefix ${home.prefix} -> ${prefix}`, (tx) => tx.renamePrefix(prefix));
  await writePrefix(app, beads.dir, { before: home.prefix, after: prefix });
  return {
    data: { ...data, issues_count: count },
    text: `Renamed ${counted(count, 'bead')} from ${home.prefix}-… to ${prefix}-…`,
  };
});

/** The copy that other programs read; the database's own word is what counts here. */
async function writePrefix(
  app: AppContext,
  dir: string | undefined,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  if (dir === undefined) return;
  const path = join(dir, 'config.yaml');
  const text = await app.machine.files.readText(path);
  const written = text?.replaceAll(
    /^((?:issue-)?prefix:\s*)(\S+)\s*$/gm,
    (line, key: string, value: string) =>
      value.replaceAll(/["']/g, '') === before ? `${key}${after}` : line,
  );
  if (written !== undefined && written !== text) await app.machine.files.writeAtomic(path, written);
}
