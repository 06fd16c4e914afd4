import { join, relative } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { ExternalError } from '../core/errors.ts';
import { factOf } from '../core/fact.ts';
import { oneLine } from '../core/text.ts';
import { writeExcludes } from '../rig/excludes.ts';
import type { Rig } from '../rig/registry.ts';
import { ensureGitHooks } from './git-hooks.ts';

export interface FurnishRequest {
  readonly rig: Rig;
  /** The worktree. */
  readonly path: string;
  /** Just checked out: also copy the overlay and run the setup hooks. */
  readonly fresh: boolean;
  /** Where its excludes are; default: the rig's repository, which all worktrees share. */
  readonly gitDir?: string | undefined;
  /** Further patterns that git must not show. */
  readonly hide?: readonly string[] | undefined;
}

const HOOK_TIMEOUT_MS = 60_000;

/**
 * Puts what a worker needs into its worktree, nothing of it visible to git (P29): the redirect to the rig's
 * ledger, the overlay, ignored files the project names, what setup hooks make. Returns warnings; each part can be repeated.
 */
export async function furnishWorktree(ctx: TownContext, request: FurnishRequest): Promise<readonly string[]> {
  const { rig, path, fresh, gitDir, hide = [] } = request;
  await hideFrom(ctx, request, hide);
  // A clone of its own is a person's: its hooks are theirs.
  if (gitDir === undefined) await ensureGitHooks(ctx, rig);
  await writeRedirect(ctx, rig, path);
  if (!fresh) return [];
  await copyOverlay(ctx, request);
  return [...(await copyIncluded(ctx, request)), ...(await runSetupHooks(ctx, request))];
}

/** Git ignores these files, so no clone has them: local settings, caches. The project's list says which are wanted. */
const INCLUDE_FILE = '.worktreeinclude';

/** Copies them from the mayor's clone, which people set up once. A failure is a warning, not the end. */
async function copyIncluded(ctx: TownContext, { rig, path }: FurnishRequest): Promise<readonly string[]> {
  const source = { from: rig.paths.mayorClone, patternFile: INCLUDE_FILE };
  const copied = await factOf(() => ctx.ports.git.worktrees.copyIgnored(path, source));
  return copied.ok ? [] : [`files of ${INCLUDE_FILE} not copied: ${oneLine(copied.why, 160)}`];
}

function hideFrom(
  ctx: TownContext,
  { rig, gitDir }: FurnishRequest,
  patterns: readonly string[],
): Promise<void> {
  return writeExcludes(ctx.ports.files, gitDir ?? rig.paths.bare, patterns);
}

/** One hop to `R/.beads`. A `.beads` that the project itself tracks is never written into. */
export async function writeRedirect(ctx: TownContext, rig: Rig, path: string): Promise<void> {
  if ((await redirectOf(ctx, rig, path)) === 'right') return;
  const line = `${relative(path, rig.paths.beadsDir)}\n`;
  await ctx.ports.files.writeAtomic(join(path, '.beads/redirect'), line, { mode: 0o644 });
}

/** How it is now; `right` also where the project's own `.beads` is none of our business. */
export async function redirectOf(
  ctx: TownContext,
  rig: Rig,
  path: string,
): Promise<'right' | 'missing' | 'wrong'> {
  const { files } = ctx.ports;
  const folder = join(path, '.beads');
  const entries = await files.list(folder);
  const foreign = entries === undefined ? (await files.stat(folder)) !== undefined : !isOurs(entries);
  if (foreign) return 'right';
  const text = await files.readText(join(folder, 'redirect'));
  if (text === undefined) return 'missing';
  return text === `${relative(path, rig.paths.beadsDir)}\n` ? 'right' : 'wrong';
}

function isOurs(entries: readonly { readonly name: string }[]): boolean {
  return entries.length === 0 || entries.some((entry) => entry.name === 'redirect');
}

/**
 * Copies `R/.runtime/overlay` over the worktree. Files the project has stay as they are; what is copied is
 * excluded first, so that git never sees it.
 */
async function copyOverlay(ctx: TownContext, request: FurnishRequest): Promise<void> {
  const { rig, path } = request;
  const wanted = await filesBelow(ctx, rig.paths.overlayDir, '');
  const missing: string[] = [];
  for (const file of wanted) {
    if ((await ctx.ports.files.stat(join(path, file))) === undefined) missing.push(file);
  }
  if (missing.length === 0) return;
  await hideFrom(ctx, request, missing.map(excludePattern));
  for (const file of missing) await copyFile(ctx, join(rig.paths.overlayDir, file), join(path, file));
}

async function filesBelow(ctx: TownContext, root: string, folder: string): Promise<readonly string[]> {
  const entries = (await ctx.ports.files.list(join(root, folder))) ?? [];
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const name = join(folder, entry.name);
      return entry.kind === 'dir' ? await filesBelow(ctx, root, name) : [name];
    }),
  );
  return nested.flat();
}

/** An exclude line that means exactly this file. */
export function excludePattern(file: string): string {
  return `/${file.replaceAll(/[\\*?[ ]/g, String.raw`\$&`)}`;
}

async function copyFile(ctx: TownContext, from: string, to: string): Promise<void> {
  await ctx.ports.files.makeDir(join(to, '..'));
  const result = await ctx.ports.processes.run({ argv: ['cp', '-p', from, to], env: ctx.env });
  if (result.end === 'exit' && result.code === 0) return;
  throw new ExternalError({
    code: 'worktree.overlay',
    message: `cannot copy ${from}: ${oneLine(result.stderr.trim() || result.end)}`,
  });
}

/** Runs `R/.runtime/setup-hooks/*` in name order; one that fails is a warning, not the end. */
async function runSetupHooks(ctx: TownContext, { rig, path }: FurnishRequest): Promise<readonly string[]> {
  const { files, processes } = ctx.ports;
  const warnings: string[] = [];
  for (const entry of (await files.list(rig.paths.setupHooksDir)) ?? []) {
    const hook = join(rig.paths.setupHooksDir, entry.name);
    const mode = (await files.stat(hook))?.mode ?? 0;
    if (entry.kind === 'dir' || (mode & 0o100) === 0) continue;
    const result = await processes.run({
      argv: [hook],
      cwd: path,
      env: { ...ctx.env, GT_WORKTREE_PATH: path, GT_RIG_PATH: rig.paths.root },
      timeoutMs: HOOK_TIMEOUT_MS,
      leftovers: 'kill',
    });
    if (result.end === 'exit' && result.code === 0) continue;
    const how = result.end === 'exit' ? `exit ${result.code}` : result.end;
    warnings.push(`setup hook ${entry.name} failed (${how}): ${oneLine(result.stderr, 160)}`);
  }
  return warnings;
}
