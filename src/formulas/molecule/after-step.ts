import * as z from 'zod/mini';
import { isDone } from '../../beads/words/kinds.ts';
import type { Bead, LedgerReads, LedgerTx } from '../../beads/types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Kitchen } from '../kitchen.ts';
import { LOOP_KEY } from '../loops.ts';
import { MAX_STEPS, fillBraces } from '../steps.ts';
import { isOver, type RoundFacts } from '../until.ts';
import { ON_COMPLETE_KEY, type Blueprint } from './blueprint.ts';
import { bond } from './bond.ts';
import { instantiate, type IdSource } from './instantiate.ts';
import { readSource } from './source.ts';

const loopMark = z.object({ id: z.string(), step: z.string(), until: z.string(), round: z.number() });
const onComplete = z.object({
  for_each: z.string(),
  bond: z.string(),
  vars: z.optional(z.record(z.string(), z.string())),
  sequential: z.optional(z.boolean()),
});

/** What `runFollowUp` will make; read before the transaction. */
export interface FollowUpPlan {
  readonly blueprints: readonly Blueprint[];
  readonly isSequential: boolean;
}

/** `on_complete`: one molecule for each item of a list in `metadata.output`. Throws what `readSource` throws. */
export async function planFollowUp(reads: LedgerReads, kitchen: Kitchen, bead: Bead): Promise<FollowUpPlan> {
  const wish = onComplete.safeParse(bead.metadata[ON_COMPLETE_KEY]);
  if (!wish.success) return { blueprints: [], isSequential: false };
  const { for_each, vars = {}, sequential } = wish.data;
  const blueprints: Blueprint[] = [];
  for (const [index, item] of itemsOf(bead, for_each).entries()) {
    const places = { ...placesOf(item), index: String(index) };
    const values = Object.fromEntries(
      Object.entries(vars).map(([name, text]) => [name, fillBraces(text, places)]),
    );
    blueprints.push((await readSource({ reads, kitchen, name: wish.data.bond, values })).blueprint);
  }
  const nodes = blueprints.reduce((sum, blueprint) => sum + blueprint.nodes.length, 0);
  if (nodes > MAX_STEPS) {
    throw new UsageError({
      code: 'formula.bad',
      message: `${bead.id}: ${for_each} asks for ${nodes} beads, more than ${MAX_STEPS}`,
    });
  }
  return { blueprints, isSequential: sequential === true };
}

/** The list that `output.a.b` names; none when the step left no such list. */
function itemsOf(bead: Bead, path: string): readonly unknown[] {
  let value: unknown = bead.metadata;
  for (const key of path.split('.')) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return Array.isArray(value) ? value : [];
}

/** `{item}` and, of an object, `{item.field}`. */
function placesOf(item: unknown): Readonly<Record<string, string>> {
  const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const fields = typeof item === 'object' && item !== null ? Object.entries(item) : [];
  return Object.fromEntries([
    ['item', text(item)],
    ...fields.map(([key, value]) => [`item.${key}`, text(value)]),
  ]);
}

export interface FollowedUp {
  /** Roots of molecules made. */
  readonly made: readonly string[];
  /** Steps of rounds that are no longer needed, now closed. */
  readonly ended: readonly string[];
}

/** Call it in the transaction that closes the step, after the close: nobody sees the state in between. */
export async function runFollowUp(
  tx: LedgerTx,
  bead: Bead,
  { plan, source }: { readonly plan: FollowUpPlan; readonly source: IdSource },
): Promise<FollowedUp> {
  const made: string[] = [];
  for (const blueprint of plan.blueprints) {
    const previous = made.at(-1);
    const { rootId } = await instantiate(tx, blueprint, { keep: bead.ephemeral ? 'wisp' : 'issue', source });
    await bondBelow(tx, { parent: bead.id, child: rootId, source });
    if (plan.isSequential && previous !== undefined) {
      await tx.addEdge({ from: rootId, to: previous, type: 'blocks' });
    }
    made.push(rootId);
  }
  return { made, ended: await endLoop(tx, bead) };
}

async function bondBelow(
  tx: LedgerTx,
  { parent, child, source }: { readonly parent: string; readonly child: string; readonly source: IdSource },
): Promise<void> {
  const [first, second] = [await tx.find(parent), await tx.find(child)];
  await bond(tx, {
    first: { kind: 'bead', bead: first },
    second: { kind: 'bead', bead: second },
    type: 'parallel',
    source,
  });
}

/** When the round of this step is finished and the loop is over, the later rounds are closed. */
async function endLoop(tx: LedgerTx, bead: Bead): Promise<readonly string[]> {
  const mark = loopMark.safeParse(bead.metadata[LOOP_KEY]);
  if (!mark.success) return [];
  const parent = (await tx.edgesFrom([bead.id])).find((edge) => edge.type === 'parent-child')?.to;
  if (parent === undefined) return [];
  const siblings = (await tx.list({ parent, includeTemplates: true })).flatMap((sibling) => {
    const own = loopMark.safeParse(sibling.metadata[LOOP_KEY]);
    return own.success && own.data.id === mark.data.id ? [{ bead: sibling, ...own.data }] : [];
  });
  const round = siblings.filter((sibling) => sibling.round === mark.data.round);
  if (round.some((sibling) => !isDone(sibling.bead.status))) return [];
  const facts = new Map<string, RoundFacts>(
    round.map((sibling) => [
      sibling.step,
      { status: sibling.bead.status, output: sibling.bead.metadata['output'] },
    ]),
  );
  if (!isOver(mark.data.until, facts)) return [];
  const later = siblings.filter((sibling) => sibling.round > mark.data.round && !isDone(sibling.bead.status));
  for (const sibling of later) {
    await tx.close(sibling.bead.id, { reason: `Not needed: ${mark.data.until}`, force: true });
  }
  return later.map((sibling) => sibling.bead.id);
}
