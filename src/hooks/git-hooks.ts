import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { readTemplate } from '../town/template.ts';

/**
 * Hooks that git runs in a working copy. Not those that run for every ref or index change: what a project has of
 * them is rarer than what a shell each time would cost.
 */
const HOOKS: readonly string[] = [
  'applypatch-msg pre-applypatch post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg',
  'post-commit pre-rebase post-rewrite post-checkout post-merge pre-push pre-auto-gc sendemail-validate',
].flatMap((line) => line.split(' '));

/** Relative to the repository: a town that is moved keeps it. */
const SETTINGS = '../.runtime/git-hooks/config';

/**
 * Puts our hooks before those of the project in all worktrees of the rig: they keep polecats from pushing what is
 * not theirs, also past gt, and then run the project's own (templates/git-hooks/hook.sh). They lie beside the
 * repository and are named by a file that its settings include last, so a tool that sets `core.hooksPath` meanwhile
 * (husky does) changes which hooks we run, not that we do. Clones of crew and of people know nothing of them.
 */
export async function ensureGitHooks(ctx: TownContext, rig: Rig): Promise<void> {
  const { files, git } = ctx.ports;
  const { script, folder, file, settings } = await wantedHooks(ctx, rig);
  if ((await files.readText(file)) !== settings) {
    for (const name of HOOKS) await files.writeAtomic(join(folder, name), script, { mode: 0o755 });
    await files.writeAtomic(file, settings, { mode: 0o644 });
  }
  if (!(await isIncluded(ctx, rig))) await git.remotes.includeSettings(rig.paths.bare, SETTINGS);
}

/** Are they there as this gt writes them? Looks at each hook: `ensureGitHooks` trusts the file that names them. */
export async function hasGitHooks(ctx: TownContext, rig: Rig): Promise<boolean> {
  const { script, folder, file, settings } = await wantedHooks(ctx, rig);
  const { files } = ctx.ports;
  if (!(await isIncluded(ctx, rig)) || (await files.readText(file)) !== settings) return false;
  const texts = await Promise.all(HOOKS.map((name) => files.readText(join(folder, name))));
  return texts.every((text) => text === script);
}

/** Writes all of them anew, whatever is there. */
export async function renewGitHooks(ctx: TownContext, rig: Rig): Promise<void> {
  await ctx.ports.files.remove((await wantedHooks(ctx, rig)).file);
  await ensureGitHooks(ctx, rig);
}

async function wantedHooks(ctx: TownContext, rig: Rig) {
  const { files } = ctx.ports;
  const script = await readTemplate(ctx, 'git-hooks/hook.sh');
  const root = (await files.realPath(rig.paths.root)) ?? rig.paths.root;
  const folder = join(rig.paths.runtimeDir, 'git-hooks');
  const settings = settingsText(join(root, '.runtime/git-hooks'), script);
  return { script, folder, file: join(folder, 'config'), settings };
}

async function isIncluded(ctx: TownContext, rig: Rig): Promise<boolean> {
  const text = await ctx.ports.files.readText(join(rig.paths.bare, 'config'));
  return text?.includes(SETTINGS) === true;
}

/** Written after the hooks, and naming them by what is in them: with this text in place they are whole. */
function settingsText(folder: string, script: string): string {
  const mark = createHash('sha256').update(script).digest('hex').slice(0, 16);
  const path = folder.replaceAll(/["\\]/g, String.raw`\$&`);
  return `# Written by gt, hooks ${mark}.\n[core]\n\thooksPath = "${path}"\n`;
}
