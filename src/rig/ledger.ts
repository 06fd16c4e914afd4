import { ensureAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { LedgerTx } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { writeBeadsFolder } from '../town/beads-files.ts';
import { readDoltAddress } from '../town/dolt-address.ts';
import { rigBeadId } from './labels.ts';
import type { Rig } from './registry.ts';
import { redactUrl } from './source.ts';

/** The rig's database with its own bead and those of its standing agents. Idempotent: a row that is there stays. */
export async function makeRigLedger(ctx: TownContext, rig: Rig): Promise<void> {
  const { files, store, random } = ctx.ports;
  const projectId = (await readLedgerProject(ctx, rig.database)) ?? random.uuid();
  await writeBeadsFolder(files, ctx.paths.storeDir, {
    dir: rig.paths.beadsDir,
    database: rig.database,
    prefix: rig.prefix,
    projectId,
    store: store.kind,
    ...(store.kind === 'dolt' ? { dolt: await readDoltAddress(ctx) } : {}),
  });
  await store.create(rig.database, { prefix: rig.prefix, projectId });
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) => writeRigRows(tx, rig));
}

/** The project id inside a ledger that is there already: of an earlier rig of this name, or of another gt. */
export async function readLedgerProject(ctx: TownContext, database: string): Promise<string | undefined> {
  const { store } = ctx.ports;
  if (!(await store.list()).includes(database)) return undefined;
  const rows = await (
    await store.open(database)
  ).query("SELECT value FROM metadata WHERE `key` = '_project_id'");
  const id = rows[0]?.['value'];
  return typeof id === 'string' ? id : undefined;
}

async function writeRigRows(tx: LedgerTx, rig: Rig): Promise<void> {
  const id = rigBeadId(rig);
  if ((await tx.get(id)) === undefined) {
    await tx.create({
      id,
      title: rig.name,
      type: 'rig',
      labels: ['gt:rig'],
      description: `Rig identity bead for ${rig.name}.\n\nrepo: ${redactUrl(rig.gitUrl)}\nprefix: ${rig.prefix}\nstate: active`,
    });
  }
  for (const role of ['witness', 'refinery'] as const) {
    await ensureAgentRow(tx, { role, rig: rig.name }, rig.prefix);
  }
}
