import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import { totalRows } from '../../beads/content/digest.ts';
import { planMove } from '../../beads/move/plan.ts';
import type { MovePlan } from '../../beads/move/plan.ts';
import { finishMove, runMove } from '../../beads/move/run.ts';
import type { MoveReport } from '../../beads/move/run.ts';
import { draftDir } from '../../beads/move/switch.ts';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import type { Store, StoreKind } from '../../ports/store.ts';
import { startDolt } from '../../town/dolt-server.ts';
import { readDoltAddress } from '../../town/dolt-address.ts';
import { actingTown } from '../acting-town.ts';

export const schema = z.object({
  from: z.enum(['sqlite', 'dolt']),
  to: z.enum(['sqlite', 'dolt']),
  moved: z.boolean(),
  dry_run: z.boolean(),
  databases: z.array(z.object({ name: z.string(), rows: z.number() })),
  left_behind: z.array(z.string()),
  old_data: z.optional(z.string()),
});

/** Throws what `runMove` throws. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ctx = await actingTown(app);
  const to: StoreKind = input.flag('to') === 'dolt' ? 'dolt' : 'sqlite';
  if (ctx.ports.store.kind === to) return alreadyThere(ctx, to);
  if (input.bool('dry-run')) return planReply(await planMove(ctx, to));
  if (to === 'sqlite') await startDolt(ctx);
  return movedReply(await runMove(ctx, { to, openTarget: () => openTarget(app, ctx, to) }));
}

async function openTarget(app: AppContext, ctx: TownContext, to: StoreKind): Promise<Store> {
  if (to === 'sqlite') {
    await ctx.ports.files.remove(draftDir(ctx.paths));
    return app.storeAt({ kind: 'sqlite', folder: draftDir(ctx.paths) });
  }
  await startDolt(ctx);
  return app.storeAt({ kind: 'dolt', ...(await readDoltAddress(ctx)) });
}

async function alreadyThere(ctx: TownContext, to: StoreKind): Promise<CommandReply> {
  const finished = await finishMove(ctx);
  const data = { from: to, to, moved: false, dry_run: false, databases: [], left_behind: [] };
  return {
    data,
    text: finished ? `Finished an interrupted move: the ledger is ${to}` : `The ledger is ${to} already`,
  };
}

function planReply(plan: MovePlan): CommandReply {
  const databases = plan.databases.map(({ name, rows }) => ({
    name,
    rows: Object.values(rows).reduce((sum, count) => sum + count, 0),
  }));
  return {
    data: { ...base(plan), moved: false, dry_run: true, databases },
    text: [
      `Would move the ledger from ${plan.from} to ${plan.to}:`,
      ...plan.databases.map(
        ({ name, rows }) =>
          `  ${name}: ${Object.entries(rows)
            .map(([table, count]) => `${table} ${count}`)
            .join(', ')}`,
      ),
      ...leftBehind(plan),
    ].join('\n'),
  };
}

function movedReply({ plan, content, aside }: MoveReport): CommandReply {
  const databases = Object.entries(content).map(([name, digest]) => ({ name, rows: totalRows(digest) }));
  return {
    data: { ...base(plan), moved: true, dry_run: false, databases, old_data: aside },
    text: [
      `The ledger is ${plan.to} now; every table was compared by row count and content hash:`,
      ...databases.map(({ name, rows }) => `  ${name}: ${rows} rows`),
      ...leftBehind(plan),
      `The old data is kept in ${aside}: remove it when you are sure`,
      'Next: gt up',
    ].join('\n'),
  };
}

function base({ from, to, notes }: MovePlan) {
  return { from, to, left_behind: notes };
}

function leftBehind({ notes }: MovePlan): readonly string[] {
  return notes.map((note) => `  stays behind: ${note}`);
}
