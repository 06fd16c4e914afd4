import { issueJson } from '../../beads/issue-json.ts';
import { locateBead } from '../../beads/locate.ts';
import type { Bead, Ledger, LedgerTx, NewBead } from '../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { RefusedError } from '../../core/errors.ts';
import { oneLine } from '../../core/text.ts';
import { beadMark } from '../../ui/text/beads.ts';
import { readNewBead } from './new-bead.ts';
import { readNewEdges } from './new-edges.ts';
import type { NewEdge } from './new-edges.ts';
import { openBeads } from './open.ts';
import type { BdHome } from './open.ts';
import { withScriptAuthor } from './script-metadata.ts';
import { openWrite } from './write.ts';

export { issueSchema as schema } from './schema.ts';

/** Makes one bead with its edges, in one transaction. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const typed = await readNewBead(app, input);
  const beads = await openBeads(app, input);
  const { ledger, parent } = await placeOf(beads, input, typed);
  const { metadata } = typed;
  const bead: NewBead = {
    ...typed,
    ...(parent === undefined ? {} : { parent }),
    ...(metadata === undefined ? {} : { metadata: withScriptAuthor(beads, app.machine.clock, metadata) }),
  };
  if (input.bool('dry-run')) return dryRun(bead, ledger);
  const edges = readNewEdges(input);
  const write = await openWrite(app, input, beads);
  const made = await write(ledger, `create ${bead.title.slice(0, 60)}`, (tx) =>
    createWithEdges(tx, bead, edges),
  );
  return {
    data: issueJson(made),
    text: input.bool('silent') ? made.id : `Created ${beadMark(made)}  ${oneLine(made.title)}`,
  };
}

/** Where the bead goes: its parent's database, the one of its chosen id or of --rig or --prefix, else the home. */
async function placeOf(
  { ledgers, home }: BdHome,
  input: CommandInput,
  bead: NewBead,
): Promise<{ readonly ledger: Ledger; readonly parent: string | undefined }> {
  if (bead.parent !== undefined) {
    const found = await locateBead(ledgers, home, bead.parent);
    return { ledger: found.ledger, parent: found.bead.id };
  }
  const prefix = input.flag('prefix');
  const rig = input.flag('rig') ?? input.flag('repo');
  if (rig !== undefined) return { ledger: await ledgers.open(rig), parent: undefined };
  if (prefix !== undefined) {
    return { ledger: await ledgers.of(`${prefix.replace(/-+$/, '')}-x`), parent: undefined };
  }
  const isForeign = bead.id !== undefined && !bead.id.startsWith(`${home.prefix}-`);
  return { ledger: isForeign ? await ledgers.of(bead.id) : home, parent: undefined };
}

async function createWithEdges(tx: LedgerTx, bead: NewBead, edges: readonly NewEdge[]): Promise<Bead> {
  const made = await tx.create(bead);
  for (const edge of edges) {
    const other = edge.other.startsWith('external:') ? edge.other : await otherEnd(tx, edge.other);
    const [from, to] = edge.direction === 'from-new' ? [made.id, other] : [other, made.id];
    await tx.addEdge({
      from,
      to,
      type: edge.type,
      ...(edge.metadata === undefined ? {} : { metadata: edge.metadata }),
    });
  }
  return (await tx.get(made.id)) ?? made;
}

/** A bead of this database by any form of its id; the id itself for one of another database. */
async function otherEnd(tx: LedgerTx, typed: string): Promise<string> {
  const isElsewhere = typed.includes('-') && !typed.startsWith(`${tx.prefix}-`);
  return isElsewhere && (await tx.get(typed)) === undefined ? typed : (await tx.find(typed)).id;
}

function dryRun(bead: NewBead, ledger: Ledger): CommandReply {
  if (bead.title === '') throw new RefusedError({ code: 'bead.bad-title', message: 'a bead needs a title' });
  return {
    data: {
      id: bead.id ?? '',
      title: bead.title,
      status: 'open',
      priority: bead.priority ?? 2,
      issue_type: bead.type ?? 'task',
      created_at: '',
      updated_at: '',
      dry_run: true,
    },
    text: `Would create in ${ledger.database}: ${oneLine(bead.title)} (${bead.type ?? 'task'}, priority ${bead.priority ?? 2})`,
  };
}
