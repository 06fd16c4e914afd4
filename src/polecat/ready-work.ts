import type { TownContext } from '../beads/context.ts';
import type { Bead, Ledger } from '../beads/types.ts';
import { GtError } from '../core/errors.ts';
import { brokenRig, readRigs, type BrokenRig } from '../rig/registry.ts';
import { isMachinery } from './dispatchable.ts';

/** What one ledger has ready: its beads by priority, or why it could not be read. */
export interface ReadySource {
  /** Rig, or `town`. */
  readonly name: string;
  readonly beads: readonly Bead[];
  readonly error: GtError | undefined;
}

/** Work that can start now, ledger by ledger. Throws the first error when none could be read. */
export async function readReadyWork(
  ctx: TownContext,
  rig: string | undefined,
): Promise<readonly ReadySource[]> {
  const { rigs, broken } = await readRigs(ctx);
  const wanted = rigs
    .filter(({ name }) => rig === undefined || name === rig)
    .map(({ name, database }) => ({ name: String(name), database }));
  const places = rig === undefined ? [{ name: 'town', database: 'hq' }, ...wanted] : wanted;
  const sources = [
    ...(await Promise.all(places.map(({ name, database }) => readSource(ctx, name, database)))),
    ...(rig === undefined ? broken.map(unreadable) : []),
  ];
  const [failed] = sources.flatMap(({ error }) => error ?? []);
  if (failed !== undefined && sources.every(({ error }) => error !== undefined)) throw failed;
  return sources;
}

function unreadable(rig: BrokenRig): ReadySource {
  return { name: rig.name, beads: [], error: brokenRig(rig) };
}

/** Types by which gt keeps its own things (spec 01 §4), beside those that `ready` never shows. */
const INFRASTRUCTURE = ['convoy', 'slot', 'queue', 'event'];

async function readSource(ctx: TownContext, name: string, database: string): Promise<ReadySource> {
  try {
    const ledger: Ledger = await ctx.ledgers.open(database);
    const beads = await ledger.ready({ tables: ['issues'], notType: INFRASTRUCTURE });
    return { name, beads: beads.filter((bead) => !isMachinery(bead)), error: undefined };
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return { name, beads: [], error };
  }
}
