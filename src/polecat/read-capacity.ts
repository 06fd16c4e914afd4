import { listAgentRows } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { LedgerReads } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { readAllWork } from '../hooks/held-work.ts';
import { readRigs } from '../rig/registry.ts';
import { readRigProperties } from '../rig/properties.ts';
import type { BrokenRig, Rig } from '../rig/registry.ts';
import { addressOfSession } from '../sessions/session-address.ts';
import { readTownSettings } from '../town/settings.ts';
import { capacityOf } from './capacity.ts';
import type { Capacity } from './capacity.ts';
import { readMachineSize } from './machine-size.ts';
import { isSelfReportedStuck } from '../beads/forms/agent-row.ts';

/** Load per core above which dispatch waits, when the setting says 0. */
const LOAD_PER_CORE = 1.5;

/** Is there room for one more polecat in this rig now? Three queries per rig of the town. */
export async function readCapacity(ctx: TownContext, rig: Rig): Promise<Capacity> {
  const [settings, { rigs, broken }] = await Promise.all([readTownSettings(ctx), readRigs(ctx)]);
  const busy = await Promise.all(
    rigs.map(async (each) => ({ rig: each.name, count: await countBusy(ctx, each) })),
  );
  const cpu = settings.get('operational.daemon.pressure_cpu_threshold');
  const memory = settings.get('operational.daemon.pressure_mem_threshold_gb');
  return capacityOf({
    configured: settings.get('scheduler.max_polecats'),
    ofRig: (await readRigProperties(ctx, rig)).get('max_polecats'),
    machine: await readMachineSize(ctx),
    busyInTown: busy.reduce((sum, { count }) => sum + count, await countSessions(ctx, broken)),
    busyInRig: busy.find((entry) => entry.rig === rig.name)?.count ?? 0,
    pressure: { loadPerCore: cpu === 0 ? LOAD_PER_CORE : cpu, freeGiB: memory === 0 ? undefined : memory },
  });
}

/** Of rigs whose beads cannot be asked for: what runs there takes a slot all the same. */
async function countSessions(ctx: TownContext, broken: readonly BrokenRig[]): Promise<number> {
  const places = broken.flatMap(({ place }) => (place === undefined ? [] : [place]));
  if (places.length === 0) return 0;
  const workers = (await ctx.ports.panes.list()).filter(
    (session) => addressOfSession(session, places)?.role === 'polecat',
  );
  const seen = await Promise.all(workers.map((session) => ctx.ports.panes.observe(session)));
  return seen.filter(({ kind }) => kind === 'live').length;
}

async function countBusy(ctx: TownContext, rig: Rig): Promise<number> {
  return busyPolecats(await ctx.ledgers.open(rig.database));
}

/** Polecats that hold a slot: with work that is not handed in, and not waiting for a person. */
async function busyPolecats(reads: LedgerReads): Promise<number> {
  const [work, rows] = await Promise.all([readAllWork(reads), listAgentRows(reads)]);
  const busy = rows.filter(
    (row) =>
      row.address.role === 'polecat' &&
      !isSelfReportedStuck(row.agentState) &&
      (work.get(formatAddress(row.address))?.held.length ?? 0) > 0,
  );
  return busy.length;
}
