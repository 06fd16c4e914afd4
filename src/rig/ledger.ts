import { ensureAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { LedgerTx } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import { UnreadableError } from '../core/errors.ts';
import type { Database } from '../ports/store.ts';
import { writeBeadsFolder } from '../town/beads-files.ts';
import { readDoltAddress } from '../town/dolt-address.ts';
import { rigBeadId } from './labels.ts';
import type { Rig } from './registry.ts';
import { redactUrl } from './source.ts';

/** The rig's database with its own bead and those of its standing agents. Idempotent: a row that is there stays. */
export async function makeRigLedger(ctx: TownContext, rig: Rig): Promise<void> {
  await makeRigDatabase(ctx, rig);
  await makeRigRows(ctx, rig);
}

export async function makeRigDatabase(ctx: TownContext, rig: Rig): Promise<void> {
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
}

/** Needs the route of the rig's prefix. */
export async function makeRigRows(ctx: TownContext, rig: Rig): Promise<void> {
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) => writeRigRows(tx, rig));
}

/** The project id inside a ledger that is there already: of an earlier rig of this name, or of another gt. */
export async function readLedgerProject(ctx: TownContext, database: string): Promise<string | undefined> {
  const found = await openEarlierLedger(ctx, database);
  const rows = (await found?.query("SELECT value FROM metadata WHERE `key` = '_project_id'")) ?? [];
  const id = rows[0]?.['value'];
  return typeof id === 'string' ? id : undefined;
}

/** Undefined when there is none; one whose making was cut off holds nothing yet and is finished by `makeRigDatabase`. */
export async function openEarlierLedger(ctx: TownContext, database: string): Promise<Database | undefined> {
  const { store } = ctx.ports;
  if (!(await store.list()).includes(database)) return undefined;
  try {
    return await store.open(database);
  } catch (error) {
    if (error instanceof UnreadableError && error.code === 'store.unfinished') return undefined;
    throw error;
  }
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
