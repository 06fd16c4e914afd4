import * as z from 'zod/mini';
import { upgradeLedger } from '../../../beads/place/upgrade.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { readRoutes } from '../../../town/routes.ts';
import { findPlace, type BdPlace } from '../open.ts';
import { refuseReadOnly } from '../write.ts';

export const schema = z.object({
  status: z.enum(['current', 'pending', 'success']),
  databases: z.array(z.object({ name: z.string(), steps: z.array(z.string()) })),
});

interface Upgrade {
  readonly name: string;
  readonly steps: readonly string[];
}

/** Prints what an upgrade of the schema would do, in a town for all its databases; --yes does it. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const place = await findPlace(app, input);
  const admin = await place.store.admin();
  const plans: Upgrade[] = [];
  for (const name of await databasesOf(place)) plans.push({ name, steps: await admin.planUpgrade(name) });
  const pending = plans.filter(({ steps }) => steps.length > 0);
  if (pending.length === 0) {
    return {
      data: { status: 'current', databases: plans },
      text: plans.map(({ name }) => `'${name}' has the current schema`).join('\n'),
    };
  }
  if (!input.bool('yes') || input.bool('dry-run')) return planReply(pending);
  refuseReadOnly(input);
  const { clock, random } = app.machine;
  const done: Upgrade[] = [];
  for (const { name } of pending) {
    done.push({ name, steps: await upgradeLedger({ store: place.store, clock, random }, name) });
  }
  return { data: { status: 'success', databases: done }, text: lines('upgraded', done).join('\n') };
}

async function databasesOf({ town, store, database }: BdPlace): Promise<readonly string[]> {
  if (town === undefined) return [database];
  const routed = (await readRoutes(town.ports.files, town.paths)).map((route) => route.database);
  const present = await store.list();
  return [...new Set(routed)].filter((name) => present.includes(name));
}

function planReply(pending: readonly Upgrade[]): CommandReply {
  return {
    data: { status: 'pending', databases: pending },
    text: [
      ...lines('older schema; the upgrade would do this in one version commit:', pending),
      'Older bd versions (before 1.0.5) can then no longer open it.',
      'Run: bd migrate --yes',
    ].join('\n'),
  };
}

function lines(title: string, upgrades: readonly Upgrade[]): readonly string[] {
  return upgrades.flatMap(({ name, steps }) => [`'${name}': ${title}`, ...steps.map((step) => `  ${step}`)]);
}
