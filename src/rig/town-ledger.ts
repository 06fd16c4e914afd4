import { ensureAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { parsePrefix } from '../core/names.ts';
import { readProjectId, writeBeadsFolder } from '../town/beads-files.ts';
import { readDoltAddress } from '../town/dolt-address.ts';
import { withRoute } from '../town/routes.ts';
import { readLedgerProject } from './ledger.ts';

const HQ = 'hq';
/** `bd` reads these; they keep it from guessing where a bead belongs. */
const LEDGER_CONFIG = {
  'beads.role': 'maintainer',
  allowed_prefixes: 'hq,hq-cv',
  'routing.mode': 'explicit',
} as const;

/**
 * The town's own database `hq` with the rows of its standing agents, its routes and its `.beads` folder.
 * Idempotent: an interrupted run is finished by the next. The store must answer.
 */
export async function makeTownLedger(ctx: TownContext): Promise<void> {
  const { files, store, random } = ctx.ports;
  const projectId =
    (await readProjectId(files, ctx.paths, HQ)) ?? (await readLedgerProject(ctx, HQ)) ?? random.uuid();
  await writeBeadsFolder(files, ctx.paths.storeDir, {
    dir: ctx.paths.beadsDir,
    database: HQ,
    prefix: HQ,
    projectId,
    store: store.kind,
    ...(store.kind === 'dolt' ? { dolt: await readDoltAddress(ctx) } : {}),
  });
  const routes = (await files.readText(ctx.paths.routesFile)) ?? '';
  await files.writeAtomic(ctx.paths.routesFile, withRoute(withRoute(routes, HQ, '.'), 'hq-cv', '.'), {
    mode: 0o600,
  });
  await store.create(HQ, { prefix: HQ, projectId });
  const ledger = await ctx.ledgers.hq();
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    for (const [key, value] of Object.entries(LEDGER_CONFIG)) await tx.setConfig(key, value);
    for (const role of ['mayor', 'deacon'] as const) {
      await ensureAgentRow(tx, { role }, parsePrefix(HQ));
    }
  });
}
