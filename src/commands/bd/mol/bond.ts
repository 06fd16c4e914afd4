import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { Ledger } from '../../../beads/types.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { NotFoundError, RefusedError } from '../../../core/errors.ts';
import type { Kitchen } from '../../../formulas/kitchen.ts';
import { bond, type Operand } from '../../../formulas/molecule/bond.ts';
import { isProto } from '../../../formulas/molecule/proto.ts';
import { readSource } from '../../../formulas/molecule/source.ts';
import { fillPlaces } from '../../../formulas/variables.ts';
import { onLedger } from '../handlers.ts';
import { openKitchen, readValues } from './kitchen.ts';
import { bondType, dryRunSchema } from './molecule-replies.ts';
import type { BdHome } from '../open.ts';

export const schema = z.union([
  dryRunSchema,
  z.object({
    result_id: z.string(),
    result_type: z.string(),
    bond_type: z.string(),
    spawned: z.optional(z.number()),
    id_mapping: z.optional(z.record(z.string(), z.string())),
  }),
]);

/** Bonds two molecules, beads, protos or formulas: the second comes after the first, or belongs to it. */
export const run = onLedger(async ({ app, input, beads, home, writer }) => {
  const kitchen = await openKitchen(app, input);
  const find = (word: string) => findOperand({ beads, kitchen, input }, word);
  const [first, second] = [await find(input.arg('first')), await find(input.arg('second'))];
  const ledger = sameLedger(home, first, second);
  const type = bondType(input.flag('type'));
  if (input.bool('dry-run')) {
    return {
      data: { dry_run: true, bond_type: type },
      text: `Would bond ${describe(first)} and ${describe(second)} (${type})`,
    };
  }
  const write = await writer();
  const ref = input.flag('ref');
  const title = input.flag('as');
  const bonded = await write(ledger, `bond ${input.arg('first')} ${input.arg('second')}`, (tx) =>
    bond(tx, {
      first: first.operand,
      second: second.operand,
      type,
      source: { clock: app.machine.clock, random: app.machine.random },
      ...(ref === undefined ? {} : { ref: fillPlaces(ref, readValues(input)) }),
      ...(title === undefined ? {} : { title }),
      ...keepOf(input),
    }),
  );
  const ids = Object.fromEntries(bonded.spawned.flatMap((made) => [...made.ids]));
  const spawned = Object.keys(ids).length;
  return {
    data: {
      result_id: bonded.resultId,
      result_type: bonded.resultType,
      bond_type: bonded.type,
      ...(spawned === 0 ? {} : { spawned, id_mapping: ids }),
    },
    text: [
      `Bonded ${describe(first)} and ${describe(second)} (${type})`,
      ...bonded.spawned.map((made) => `Made ${made.rootId} with ${made.ids.size} beads`),
      ...(bonded.resultType === 'compound_proto' ? [`Made the proto ${bonded.resultId}`] : []),
    ].join('\n'),
  };
});

interface Found {
  readonly operand: Operand;
  readonly ledger: Ledger | undefined;
}

async function findOperand(
  {
    beads,
    kitchen,
    input,
  }: { readonly beads: BdHome; readonly kitchen: Kitchen; readonly input: CommandInput },
  word: string,
): Promise<Found> {
  const located = await locateBead(beads.ledgers, beads.home, word).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  if (located !== undefined && !isProto(located.bead)) {
    return { operand: { kind: 'bead', bead: located.bead }, ledger: located.ledger };
  }
  const reads = located?.ledger ?? beads.home;
  const name = located?.bead.id ?? word;
  const source = await readSource({ reads, kitchen, name, values: readValues(input) });
  return {
    operand: {
      kind: 'blueprint',
      blueprint: source.blueprint,
      ...(source.proto === undefined ? {} : { proto: source.proto }),
    },
    ledger: located?.ledger,
  };
}

/** An edge into another database would never hold anything back. */
function sameLedger(home: Ledger, first: Found, second: Found): Ledger {
  const [one, two] = [first.ledger, second.ledger];
  if (one !== undefined && two !== undefined && one.database !== two.database) {
    throw new RefusedError({
      code: 'molecule.two-databases',
      message: `${describe(first)} and ${describe(second)} are in different databases (${one.database}, ${two.database})`,
      hint: 'Make the molecule in the database of the work: run this in its rig',
    });
  }
  return one ?? two ?? home;
}

function describe({ operand }: Found): string {
  return operand.kind === 'bead' ? operand.bead.id : operand.blueprint.name;
}

function keepOf(input: CommandInput): { readonly keep?: 'issue' | 'wisp' } {
  if (input.bool('ephemeral')) return { keep: 'wisp' };
  return input.bool('pour') ? { keep: 'issue' } : {};
}
