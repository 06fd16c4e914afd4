import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { Role } from '../core/address.ts';
import { readTemplate } from '../town/template.ts';
import type { RuntimeRecord } from './types.ts';

export interface SlashCommandsRequest {
  readonly role: Role;
  readonly runtime: RuntimeRecord;
  /** Where the agent works. */
  readonly cwd: string;
}

/** Stands in every file of ours: what a person wrote, or took over, is never touched. */
const OURS = '<!-- written by gt; remove this line to keep your own text -->';

/**
 * Gives Claude Code the commands /done (polecats), /handoff and /review of this gt, in the agent's working folder,
 * where git shows nothing of them (P29). A project's own commands of these names stay; one that shares its .claude
 * folder gets none.
 */
export async function ensureSlashCommands(
  ctx: TownContext,
  { role, runtime, cwd }: SlashCommandsRequest,
): Promise<void> {
  if (runtime.hooks?.provider !== 'claude' || (await wantsItsOwn(ctx, cwd))) return;
  const names = role === 'polecat' ? ['done', 'handoff', 'review'] : ['handoff', 'review'];
  for (const name of names) {
    const path = join(cwd, runtime.hooks.dir, 'commands', `${name}.md`);
    const before = await ctx.ports.files.readText(path);
    if (before !== undefined && !before.includes(OURS)) continue;
    const text = `${await readTemplate(ctx, `commands/${name}.md`)}\n${OURS}\n`;
    if (text !== before) await ctx.ports.files.writeAtomic(path, text, { mode: 0o644 });
  }
}

/** An exception in its .gitignore beats our exclude file: what we write there would be committed. */
async function wantsItsOwn({ ports }: TownContext, cwd: string): Promise<boolean> {
  return /^\s*!.*\.claude/m.test((await ports.files.readText(join(cwd, '.gitignore'))) ?? '');
}
