import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import type { BdHome } from './open.ts';

/** Who writes: --actor, BEADS_ACTOR, BD_ACTOR, the agent's address in a town, git's user.name, USER, `unknown`. */
export async function readActor(app: AppContext, input: CommandInput, home: BdHome): Promise<string> {
  const agent =
    home.town === undefined || home.town.actor.role === 'overseer' ? '' : formatAddress(home.town.actor);
  for (const name of [input.flag('actor'), app.env['BEADS_ACTOR'], app.env['BD_ACTOR'], agent]) {
    if (name !== undefined && name !== '') return name;
  }
  return (await readGitUser(app)).name || (app.env['USER'] ?? '') || 'unknown';
}

/** The owner of a new bead: the author's e-mail address as git knows it; '' when it does not. */
export async function readOwner(app: AppContext): Promise<string> {
  return app.env['GIT_AUTHOR_EMAIL'] ?? (await readGitUser(app)).email;
}

interface GitUser {
  readonly name: string;
  readonly email: string;
}

const asked = new WeakMap<AppContext, Promise<GitUser>>();

/** One process per command at most, and only for commands that write. */
function readGitUser(app: AppContext): Promise<GitUser> {
  const known = asked.get(app) ?? askGit(app);
  asked.set(app, known);
  return known;
}

async function askGit(app: AppContext): Promise<GitUser> {
  const result = await app.machine.processes.run({
    argv: ['git', 'config', '--get-regexp', String.raw`^user\.(name|email)$`],
    env: app.env,
    ...(app.cwd === '' ? {} : { cwd: app.cwd }),
    timeoutMs: 5000,
  });
  // Without git, or without a configured user, beads are written all the same.
  const lines = result.end === 'exit' && result.code === 0 ? result.stdout.split('\n') : [];
  const valueOf = (key: string): string =>
    lines.findLast((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? '';
  return { name: valueOf('user.name'), email: valueOf('user.email') };
}
