import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandInput } from '../../../cli/command.ts';
import { GtError, NotFoundError, UsageError } from '../../../core/errors.ts';
import { onBead } from '../on-bead.ts';
import type { BdHome } from '../open.ts';
import { failureSchema } from '../schema.ts';

export const schema = z.union([
  z.object({ issue_id: z.string(), depends_on_id: z.string(), type: z.string(), status: z.literal('added') }),
  failureSchema,
]);

/** `dep add A B`: A depends on B. */
export const run = onBead('bead', async ({ beads, ledger, bead, input, write }) => {
  const type = input.flag('type') ?? 'blocks';
  const target = await targetId(beads, readTarget(input));
  try {
    await write(`dependency: add ${type} ${bead.id} -> ${target}`, (tx) =>
      tx.addEdge({ from: bead.id, to: target, type, ...readGate(input, type) }),
    );
  } catch (error) {
    // Programs that read bd look for this refusal on stdout.
    if (!input.json || !(error instanceof GtError) || !error.code.startsWith('edge.')) throw error;
    return { data: { error: error.message }, exitCode: 1 };
  }
  const isElsewhere = (await ledger.get(target)) === undefined;
  return {
    data: { issue_id: bead.id, depends_on_id: target, type, status: 'added' },
    text: `Added: ${bead.id} ${type === 'blocks' ? 'depends on' : `${type} →`} ${target}`,
    ...(isElsewhere ? { warnings: [`${target} is in another database: it never blocks ${bead.id}`] } : {}),
  };
});

/** Throws UsageError `beads.no-gate` for an edge that has none. */
function readGate(input: CommandInput, type: string): { readonly metadata?: string } {
  const gate = input.flag('waits-for-gate');
  if (gate === undefined) return {};
  if (type === 'waits-for') return { metadata: JSON.stringify({ gate }) };
  throw new UsageError({
    code: 'beads.no-gate',
    message: `only edges of type waits-for have a gate, not ${type}`,
    hint: 'Add -t waits-for',
  });
}

function readTarget(input: CommandInput): string {
  const target = input.flag('blocked-by') ?? input.flag('depends-on') ?? input.arg('depends-on');
  if (target !== '') return target;
  throw new UsageError({
    code: 'beads.no-target',
    message: 'the bead to depend on is missing',
    hint: 'Run: bd dep add <bead> <depends-on>',
  });
}

/** The whole id of a bead of this database; an id of another one as it was typed. */
async function targetId({ ledgers, home }: BdHome, typed: string): Promise<string> {
  if (typed.startsWith('external:')) return typed;
  try {
    return (await locateBead(ledgers, home, typed)).bead.id;
  } catch (error) {
    const isForeign = typed.includes('-') && !typed.startsWith(`${home.prefix}-`);
    if (error instanceof NotFoundError && isForeign) return typed;
    throw error;
  }
}
