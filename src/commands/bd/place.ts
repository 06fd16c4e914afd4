import { resolve } from 'node:path';
import { locateBead } from '../../beads/locate.ts';
import type { Ledger, NewBead } from '../../beads/types.ts';
import type { CommandInput } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { NotFoundError } from '../../core/errors.ts';
import { openBeads, type BdHome } from './open.ts';

export interface Place {
  /** What was opened to get there: with --repo not the caller's own. */
  readonly beads: BdHome;
  readonly ledger: Ledger;
  /** The whole id of the parent. */
  readonly parent: string | undefined;
}

/**
 * Where a new bead goes: its parent's database, that of --rig, --prefix or --repo, of its chosen id, else the
 * home. Throws NotFoundError `beads.no-rig` `bead.no-route` `beads.no-database`.
 */
export async function placeOf(
  app: AppContext,
  input: CommandInput,
  {
    beads,
    bead,
  }: { readonly beads: BdHome; readonly bead: Pick<NewBead, 'parent' | 'id' | 'foreignPrefix'> },
): Promise<Place> {
  const { ledgers, home } = beads;
  if (bead.parent !== undefined) {
    const found = await locateBead(ledgers, home, bead.parent);
    return { beads, ledger: found.ledger, parent: found.bead.id };
  }
  const [rig, repo, prefix] = [input.flag('rig'), input.flag('repo'), input.flag('prefix')];
  if (repo !== undefined && (await isFolder(app, repo))) {
    const there = await openBeads(app, input, resolve(app.cwd || '/', repo));
    return { beads: there, ledger: there.home, parent: undefined };
  }
  const named = rig ?? repo;
  if (named !== undefined) return { beads, ledger: await ledgerNamed(beads, named), parent: undefined };
  if (prefix !== undefined) {
    return { beads, ledger: await ledgers.of(`${prefix.replace(/-+$/, '')}-x`), parent: undefined };
  }
  const isForeign = bead.id !== undefined && !bead.id.startsWith(`${home.prefix}-`);
  const keepsHere = bead.foreignPrefix === true;
  return { beads, ledger: isForeign && !keepsHere ? await ledgers.of(bead.id) : home, parent: undefined };
}

async function isFolder(app: AppContext, path: string): Promise<boolean> {
  return (await app.machine.files.stat(resolve(app.cwd || '/', path, '.beads')))?.kind === 'dir';
}

/** By the rig's name or by its prefix. */
async function ledgerNamed({ ledgers, home }: BdHome, name: string): Promise<Ledger> {
  const all = await ledgers.all();
  const word = name.replace(/-+$/, '');
  const found = all.find(({ database }) => database === word) ?? all.find(({ prefix }) => prefix === word);
  if (found !== undefined) return found;
  throw new NotFoundError({
    code: 'beads.no-rig',
    message: `no rig '${name.slice(0, 60)}' from here (${all.map(({ database }) => database).join(', ') || home.database})`,
    hint: 'Run: gt rig list',
  });
}
