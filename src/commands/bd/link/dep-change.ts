import * as z from 'zod/mini';
import type { Ledger } from '../../../beads/types.ts';
import type { CommandInput, CommandModule } from '../../../cli/command.ts';
import { GtError, NotFoundError, UsageError } from '../../../core/errors.ts';
import { onBead, type OnBead } from '../handlers.ts';
import { failureSchema } from '../schema.ts';

const edge = { issue_id: z.string(), depends_on_id: z.string() };

/** `dep add A B`: A depends on B. */
export const add: CommandModule = {
  schema: z.union([z.object({ ...edge, type: z.string(), status: z.literal('added') }), failureSchema]),
  run: onBead('bead', async (on) => {
    const { ledger, bead, input, write } = on;
    const type = input.flag('type') ?? 'blocks';
    const target = await targetId(on, readTarget(input));
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
  }),
};

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
async function targetId({ home, locate }: OnBead, typed: string): Promise<string> {
  if (typed.startsWith('external:')) return typed;
  try {
    return (await locate(typed)).bead.id;
  } catch (error) {
    const isForeign = typed.includes('-') && !typed.startsWith(`${home.prefix}-`);
    if (error instanceof NotFoundError && isForeign) return typed;
    throw error;
  }
}

/** Takes the edge between two beads away, whatever its type. */
export const remove: CommandModule = {
  schema: z.object({ ...edge, status: z.literal('removed') }),
  run: onBead('bead', async ({ bead, ledger, input, write }) => {
    const target = await existingTarget(ledger, bead.id, input.arg('depends-on'));
    await write(`dependency: remove ${bead.id} -> ${target}`, (tx) => tx.removeEdge(bead.id, target));
    return {
      data: { issue_id: bead.id, depends_on_id: target, status: 'removed' },
      text: `Removed: ${bead.id} no longer depends on ${target}`,
    };
  }),
};

/** The target among the bead's own edges: also one whose bead is gone or elsewhere can be removed. */
async function existingTarget(ledger: Ledger, id: string, typed: string): Promise<string> {
  const edges = await ledger.edgesFrom([id]);
  const names = new Set([typed, `${ledger.prefix}-${typed}`]);
  const edge = edges.find(({ to, stored }) => names.has(to) || stored === typed);
  if (edge !== undefined) return edge.to;
  throw new NotFoundError({
    code: 'edge.not-found',
    message: `${id} has no dependency on ${typed}`,
    hint: `Run: bd dep list ${id}`,
  });
}

/** `dep A --blocks B`: B is not ready before A is closed. */
export const block: CommandModule = {
  schema: z.object({
    status: z.literal('added'),
    blocker_id: z.string(),
    blocked_id: z.string(),
    type: z.literal('blocks'),
  }),
  async run(app, input) {
    const blocked = input.flag('blocks');
    if (input.arg('bead') !== '' && blocked !== undefined) return blockBead(blocked)(app, input);
    throw new UsageError({
      code: 'beads.no-target',
      message: 'which bead blocks which?',
      hint: 'Run: bd dep <bead> --blocks <bead>   (or bd dep add, remove, list, tree, cycles)',
    });
  },
};

const blockBead = (blocked: string) =>
  onBead('bead', async ({ bead, locate, write }) => {
    const { id } = (await locate(blocked)).bead;
    await write(`dependency: add blocks ${id} -> ${bead.id}`, (tx) =>
      tx.addEdge({ from: id, to: bead.id, type: 'blocks' }),
    );
    return {
      data: { status: 'added', blocker_id: bead.id, blocked_id: id, type: 'blocks' },
      text: `Added: ${bead.id} blocks ${id}`,
    };
  });
