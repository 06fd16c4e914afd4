import type { DatabaseIdentity, StoreKind } from '../../ports/store.ts';
import { readRoutes } from '../../town/routes.ts';
import { readIdentity } from '../content/identity.ts';
import type { TownContext } from '../context.ts';

/** A town's ledger on its way to the other engine. */
export interface MovePlan {
  readonly from: StoreKind;
  readonly to: StoreKind;
  readonly databases: readonly MovedDatabase[];
  /** What does not come along, and stays where the old data is. */
  readonly notes: readonly string[];
}

export interface MovedDatabase {
  readonly name: string;
  readonly identity: DatabaseIdentity;
  /** Rows of each table that has any. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Looks at everything that would be moved; changes nothing. */
export async function planMove(ctx: TownContext, to: StoreKind): Promise<MovePlan> {
  const { store, files } = ctx.ports;
  const routed = (await readRoutes(files, ctx.paths)).map((route) => route.database);
  const present = await store.list();
  const names = [...new Set(routed)].filter((name) => present.includes(name));
  const admin = await store.admin();
  const databases: MovedDatabase[] = [];
  const notes = store.kind === 'dolt' ? ['the version history (SQLite keeps none)'] : [];
  for (const name of names) {
    databases.push(await readDatabase(ctx, name));
    const strange = await admin.strangeTables(name);
    if (strange.length > 0)
      notes.push(`tables of '${name}' that are no part of a ledger: ${strange.join(', ')}`);
  }
  const others = present.filter((name) => !names.includes(name));
  if (others.length > 0) notes.push(`databases that no route of this town names: ${others.join(', ')}`);
  return { from: store.kind, to, databases, notes };
}

async function readDatabase(ctx: TownContext, name: string): Promise<MovedDatabase> {
  const database = await ctx.ports.store.open(name);
  const rows: Record<string, number> = {};
  for (const table of (await ctx.ports.store.admin()).tables) {
    const [row] = await database.query(`SELECT COUNT(*) AS n FROM \`${table.name}\``);
    const count = Number(row?.['n'] ?? 0);
    if (count > 0) rows[table.name] = count;
  }
  return { name, identity: await readIdentity(database), rows };
}
