import { isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError, UsageError } from '../../core/errors.ts';
import { rememberTown } from '../../rig/detect.ts';
import { makeTownLedger } from '../../rig/town-ledger.ts';
import { installTown } from '../../town/install.ts';
import type { InstallRequest } from '../../town/install-plan.ts';
import { DEFAULT_DOLT } from '../../town/beads-files.ts';
import { machineOf } from '../../town/machine/state.ts';
import { renderInstalled } from '../../ui/text/install.ts';
import { startStore, stopStore } from '../../watchdog/store-service.ts';
import { installExtras } from './extras.ts';
import { needsGithub } from './git-init.ts';

export const schema = z.object({
  path: z.string(),
  name: z.string(),
  store: z.enum(['sqlite', 'dolt']),
  notes: z.array(z.string()),
});

/** The town that is there already gets the extras that were asked for; a second one is never made in its place. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.bool('public') && input.flag('github') === undefined) throw needsGithub();
  const request = readRequest(app, input);
  if (input.bool('wrappers') && input.arg('path') === '' && !wantsMore(input)) {
    const notes = await installExtras(app, input, request.root);
    return { data: { path: '', name: '', store: request.store, notes }, text: notes.join('\n') };
  }
  try {
    const plan = await installTown(
      {
        ports: app.machine,
        env: app.env,
        ledger: input.bool('no-beads') ? 'later' : 'now',
        makeLedger: (root) => makeLedger(app, root),
      },
      request,
    );
    await rememberTown(machineOf(app.machine, app.env), plan.root);
    const extras = await installExtras(app, input, plan.root);
    const later = input.bool('no-beads')
      ? ['without a ledger: gt install again, without --no-beads, makes it']
      : [];
    const { root: path, name, store } = plan;
    const notes = [...extras, ...plan.notes, ...later];
    return {
      data: { path, name, store, notes },
      text: renderInstalled({ ...plan, notes }, app.output.style),
    };
  } catch (error) {
    const isThere = error instanceof RefusedError && error.code === 'install.exists';
    // One that another gt made says so, and how it is adopted.
    if (isThere) await app.townAt(request.root);
    if (!isThere || !EXTRAS.some((flag) => input.bool(flag) || input.flag(flag) !== undefined)) throw error;
    return await extrasOnly(app, input, request.root);
  }
}

const EXTRAS = ['shell', 'wrappers', 'supervisor', 'git', 'github'] as const;

function wantsMore(input: CommandInput): boolean {
  return EXTRAS.some((flag) => flag !== 'wrappers' && (input.bool(flag) || input.flag(flag) !== undefined));
}

async function extrasOnly(app: AppContext, input: CommandInput, root: string): Promise<CommandReply> {
  const { ports } = await app.townAt(root);
  await rememberTown(machineOf(app.machine, app.env), root);
  const notes = await installExtras(app, input, root);
  return {
    data: { path: root, name: root.split('/').at(-1) ?? '', store: ports.store.kind, notes },
    text: notes.join('\n'),
  };
}

/** What was started for an install that fails does not stay (P13). */
async function makeLedger(app: AppContext, root: string): Promise<void> {
  const ctx = await app.townAt(root);
  await startStore(ctx);
  try {
    await makeTownLedger(ctx);
  } catch (error) {
    await stopStore(ctx);
    throw error;
  }
}

function readRequest(app: AppContext, input: CommandInput): InstallRequest {
  const name = input.flag('name');
  const owner = input.flag('owner');
  const publicName = input.flag('public-name');
  return {
    root: rootOf(app, input.arg('path')),
    store: input.flag('store') === 'dolt' ? 'dolt' : 'sqlite',
    force: input.bool('force'),
    permissions: input.flag('permissions') === 'ask' ? 'ask' : 'skip',
    dolt: { host: app.env['GT_DOLT_HOST'] || DEFAULT_DOLT.host, port: readPort(app, input) },
    ...(name === undefined ? {} : { name }),
    ...(owner === undefined ? {} : { owner }),
    ...(publicName === undefined ? {} : { publicName }),
  };
}

/** Refused here: whoever reads the port back takes one that cannot be for none, and so for the default. */
function readPort(app: AppContext, input: CommandInput): number {
  const port = input.number('dolt-port') ?? Number(app.env['GT_DOLT_PORT'] ?? DEFAULT_DOLT.port);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new UsageError({
    code: 'flag.bad-value',
    message: `${port} is no port for the Dolt server`,
    hint: 'Choose one from 1 to 65535: --dolt-port <port>',
  });
}

function rootOf(app: AppContext, path: string): string {
  if (path !== '') return isAbsolute(path) ? resolve(path) : resolve(app.cwd, path);
  const home = app.env['HOME'] ?? '';
  if (home !== '') return join(home, 'gt');
  throw new UsageError({
    code: 'install.no-home',
    message: 'HOME is not set',
    hint: 'Name the folder: gt install <path>',
  });
}
