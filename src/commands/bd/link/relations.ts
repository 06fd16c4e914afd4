import * as z from 'zod/mini';
import { locateBead } from '../../../beads/locate.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { UsageError } from '../../../core/errors.ts';
import { onBead, type OnBead } from '../handlers.ts';

/** Ends a bead in favour of another: an edge that says so, and closed. */
export const duplicate = ended('duplicates', { other: 'of', names: ['duplicate', 'canonical'] });
export const supersede = ended('supersedes', { other: 'with', names: ['superseded', 'replacement'] });

function ended(
  type: 'duplicates' | 'supersedes',
  { other, names }: { readonly other: string; readonly names: readonly [string, string] },
): CommandModule {
  return {
    schema: z.looseObject({ status: z.literal('closed') }),
    run: onBead('bead', async (on) => {
      const { bead, write } = on;
      const target = await otherBead(on, on.input.flag(other) ?? '');
      const reason = type === 'duplicates' ? `Duplicate of ${target}` : `Superseded by ${target}`;
      await write(`close ${bead.id}`, async (tx) => {
        await tx.addEdge({ from: bead.id, to: target, type });
        await tx.close(bead.id, { reason, force: true });
      });
      return {
        data: { [names[0]]: bead.id, [names[1]]: target, status: 'closed' },
        text: `Closed ${bead.id}: ${reason.toLowerCase()}`,
      };
    }),
  };
}

const PAIR = { id1: z.string(), id2: z.string() };

/** Related either way: an edge from each to the other. */
export const relate: CommandModule = {
  schema: z.object({ ...PAIR, related: z.literal(true) }),
  run: onBead('bead', async (on) => {
    const { bead, write } = on;
    const other = await otherBead(on, on.input.arg('other'));
    await write(`dependency: relate ${bead.id} ${other}`, async (tx) => {
      await tx.addEdge({ from: bead.id, to: other, type: 'relates-to' });
      await tx.addEdge({ from: other, to: bead.id, type: 'relates-to' });
    });
    return { data: { id1: bead.id, id2: other, related: true }, text: `Related: ${bead.id} and ${other}` };
  }),
};

export const unrelate: CommandModule = {
  schema: z.object({ ...PAIR, unrelated: z.literal(true) }),
  run: onBead('bead', async (on) => {
    const { bead, write } = on;
    const other = await otherBead(on, on.input.arg('other'));
    await write(`dependency: unrelate ${bead.id} ${other}`, async (tx) => {
      for (const { from, to, type } of await tx.edgesFrom([bead.id, other])) {
        const isBetween = [bead.id, other].includes(to) && from !== to;
        if (isBetween && type === 'relates-to') await tx.removeEdge(from, to);
      }
    });
    return {
      data: { id1: bead.id, id2: other, unrelated: true },
      text: `No longer related: ${bead.id} and ${other}`,
    };
  }),
};

/** The id of another bead of the same database. Throws UsageError `beads.same-bead` for the bead itself. */
async function otherBead({ beads, bead }: OnBead, typed: string): Promise<string> {
  const { id } = (await locateBead(beads.ledgers, beads.home, typed)).bead;
  if (id !== bead.id) return id;
  throw new UsageError({
    code: 'beads.same-bead',
    message: `${id} and ${id} are one bead`,
    hint: 'Name two different ones',
  });
}
