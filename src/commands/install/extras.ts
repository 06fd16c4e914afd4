import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { gtProgram } from '../../runtimes/gt-command.ts';
import { initTownGit } from '../../town/git-init.ts';
import { installWrappers } from '../../town/machine/wrappers.ts';
import { installShell } from '../../town/machine/shell.ts';
import { installSupervisor } from '../../town/machine/supervisor.ts';
import { machineOf } from '../../town/machine/state.ts';
import { unknownShell } from '../machine/shell-install.ts';

/** What an install does beside the town, each only when it was asked for. Returns lines for people. */
export async function installExtras(
  app: AppContext,
  input: CommandInput,
  root: string,
): Promise<readonly string[]> {
  const machine = machineOf(app.machine, app.env);
  const gt = gtProgram(app.gtArgv);
  const said: string[] = [];
  if (input.bool('git') || input.flag('github') !== undefined)
    said.push(...(await initGit(app, input, root)));
  if (input.bool('shell')) {
    const rc = await installShell(machine, { gt, gtArgv: app.gtArgv });
    if (rc === undefined) throw unknownShell(app.env['SHELL']);
    said.push(`${rc} loads the shell hook (gt shell remove takes it out)`);
  }
  if (input.bool('wrappers')) said.push(`wrappers: ${(await installWrappers(machine, gt)).join(', ')}`);
  if (input.bool('supervisor')) {
    const { path, next } = await installSupervisor(machine, root, gt);
    said.push(
      next === undefined ? `${path} starts the daemon at login` : `${path} is written; turn it on: ${next}`,
    );
  }
  return said;
}

/** For `gt git-init` too. */
export function initGit(app: AppContext, input: CommandInput, root: string): Promise<readonly string[]> {
  const place = { ports: app.machine, env: app.env, gtArgv: app.gtArgv };
  const visibility = input.bool('public') ? 'public' : 'private';
  return initTownGit(place, { root, github: input.flag('github'), visibility });
}
