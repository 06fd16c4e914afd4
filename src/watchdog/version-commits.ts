import type { TownContext } from '../beads/context.ts';

/**
 * One version commit of every ledger that changed since the last one: its history on Dolt (SQLite has none). Single
 * commands only commit their SQL; the daemon turns many of them into one entry that people can read.
 */
export async function commitVersions(ctx: TownContext, why: string): Promise<void> {
  const { store } = ctx.ports;
  if (store.kind === 'sqlite') return;
  await ctx.ledgers.inEach(({ database }) => store.commitVersion(database, `gt: ${why}`));
}
