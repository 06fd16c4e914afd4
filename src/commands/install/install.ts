import { isAbsolute, join, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { makeTownLedger } from '../../rig/town-ledger.ts';
import { installTown } from '../../town/install.ts';
import type { InstallRequest } from '../../town/install-plan.ts';
import { DEFAULT_DOLT } from '../../town/beads-files.ts';
import { renderInstalled } from '../../ui/text/install.ts';
import { startStore } from '../../watchdog/store-service.ts';

export const schema = z.object({
  path: z.string(),
  name: z.string(),
  store: z.enum(['sqlite', 'dolt']),
  notes: z.array(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const request = readRequest(app, input);
  const plan = await installTown(
    {
      ports: app.machine,
      env: app.env,
      makeLedger: async (root) => {
        const ctx = await app.townAt(root);
        await startStore(ctx);
        await makeTownLedger(ctx);
      },
    },
    request,
  );
  const { root: path, name, store, notes } = plan;
  return { data: { path, name, store, notes }, text: renderInstalled(plan, app.output.style) };
}

function readRequest(app: AppContext, input: CommandInput): InstallRequest {
  const name = input.flag('name');
  const owner = input.flag('owner');
  const publicName = input.flag('public-name');
  return {
    root: rootOf(app, input.arg('path')),
    store: input.flag('store') === 'dolt' ? 'dolt' : 'sqlite',
    force: input.bool('force'),
    dolt: { host: DEFAULT_DOLT.host, port: readPort(app, input) },
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
