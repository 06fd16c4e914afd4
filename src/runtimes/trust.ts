import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { UnreadableError } from '../core/errors.ts';
import { isJsonObject, readJsonFile, valueAt, withValueAt } from '../town/json-file.ts';
import { machineOf } from '../town/machine/state.ts';
import { writeUserFile } from '../town/machine/user-file.ts';
import type { RuntimeRecord } from './types.ts';

export type TrustOutcome = 'already' | 'seeded' | 'not-needed' | { readonly skipped: string };

/**
 * Tells Claude Code that folders gt has made are trusted, so that its start dialog (which today defaults to
 * "No, exit") never shows. One entry for a rig's bare repository covers every worktree made from it. Other keys
 * stay; a file that cannot be read is left alone and the dialog rules of the pane host remain.
 * @param env the environment the agent will get: it decides which file
 * @param folders absolute real paths that gt itself created
 */
export async function seedTrust(
  ctx: TownContext,
  runtime: RuntimeRecord,
  env: Readonly<Record<string, string>>,
  folders: readonly string[],
): Promise<TrustOutcome> {
  if (runtime.hooks?.provider !== 'claude' || folders.length === 0) return 'not-needed';
  const path = claudeStateFile(env);
  try {
    if (allTrusted(await readJsonFile(ctx.ports.files, path), folders)) return 'already';
    await using _lock = await ctx.ports.locks.acquire('config', { waitMs: 10_000, purpose: `write ${path}` });
    const doc = (await readJsonFile(ctx.ports.files, path)) ?? {};
    const content = `${JSON.stringify(withTrust(doc, folders), null, 2)}\n`;
    const { userFiles } = machineOf(ctx.ports, ctx.env);
    await writeUserFile(userFiles, { path, kind: 'trust', content, mode: 0o600, parts: folders });
    return 'seeded';
  } catch (error) {
    if (error instanceof UnreadableError) return { skipped: error.message };
    throw error;
  }
}

/** Claude Code keeps its state beside its config folder when that is moved, else in the home folder. */
function claudeStateFile(env: Readonly<Record<string, string>>): string {
  return join(env['CLAUDE_CONFIG_DIR'] ?? env['HOME'] ?? '/', '.claude.json');
}

type Doc = Readonly<Record<string, unknown>>;

function allTrusted(doc: Doc | undefined, folders: readonly string[]): boolean {
  return (
    doc !== undefined &&
    folders.every((folder) => valueAt(doc, ['projects', folder, 'hasTrustDialogAccepted']) === true)
  );
}

function withTrust(doc: Doc, folders: readonly string[]): Doc {
  const base =
    isJsonObject(doc['projects']) || doc['projects'] === undefined ? doc : { ...doc, projects: {} };
  return folders.reduce<Doc>(
    (result, folder) => withValueAt(result, ['projects', folder, 'hasTrustDialogAccepted'], true),
    base,
  );
}
