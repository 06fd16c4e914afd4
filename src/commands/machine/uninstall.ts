import { isAbsolute, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError, RefusedError, UsageError } from '../../core/errors.ts';
import { knownTowns } from '../../rig/detect.ts';
import { machineOf } from '../../town/machine/state.ts';
import { uninstallMachine } from '../../town/machine/uninstall.ts';
import { renderUninstalled } from '../../ui/text/uninstall.ts';
import { listSurvivors } from '../../watchdog/survivors.ts';

export const schema = z.object({
  files: z.array(z.object({ path: z.string(), outcome: z.string() })),
  town: z.nullable(z.string()),
  moved_to: z.nullable(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const machine = machineOf(app.machine, app.env);
  const town = input.bool('workspace') ? await namedTown(app, input.arg('town')) : undefined;
  const towns = await knownTowns(machine);
  for (const root of new Set([...towns, ...(town === undefined ? [] : [town])]))
    await refuseRunning(app, root);
  const ask = !input.bool('force') && !input.json;
  const what =
    town === undefined
      ? 'Take gt out of this machine?'
      : `Take gt out of this machine and move ${town} aside?`;
  if (ask && !(await app.confirm(what))) return { text: 'Nothing was done', exitCode: 1 };
  const files = await uninstallMachine(machine);
  const movedTo = town === undefined ? undefined : await moveAside(app, town);
  return {
    data: { files, town: town ?? null, moved_to: movedTo ?? null },
    text: renderUninstalled({ files, movedTo, towns: towns.filter((root) => root !== town) }),
  };
}

/** Only one that is named: a guess would take somebody's beads away. */
async function namedTown(app: AppContext, word: string): Promise<string> {
  if (word === '')
    throw new UsageError({
      code: 'uninstall.no-town',
      message: 'which town?',
      hint: 'Run: gt uninstall <folder> --workspace',
    });
  const root = isAbsolute(word) ? resolve(word) : resolve(app.cwd || '/', word);
  if ((await app.machine.files.stat(`${root}/mayor/town.json`)) !== undefined) return root;
  throw new NotFoundError({
    code: 'town.not-found',
    message: `${root} is no town`,
    hint: 'Name the folder that gt install made',
  });
}

async function refuseRunning(app: AppContext, root: string): Promise<void> {
  const alive = await listSurvivors(await app.townAt(root, 'any'));
  if (alive.length === 0) return;
  throw new RefusedError({
    code: 'uninstall.town-runs',
    message: `the town ${root} is up: ${alive.map(({ what, pid }) => `${what} (pid ${pid})`).join(', ')}`,
    hint: `Run: cd ${root} && gt down`,
  });
}

async function moveAside(app: AppContext, root: string): Promise<string> {
  const now = new Date(app.machine.clock.now()).toISOString();
  const target = `${root}.uninstalled-${now.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
  await app.machine.files.rename(root, target);
  return target;
}
