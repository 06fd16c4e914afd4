import { join } from 'node:path';
import { readAgentRow, writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { Ledger, LedgerTx } from '../beads/types.ts';
import { addressForms, formatAddress, formatMailAddress } from '../core/address.ts';
import { NotFoundError, RefusedError } from '../core/errors.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { listRigs } from '../rig/registry.ts';
import { emitEvent } from '../town/events.ts';
import { readJsonFile } from '../town/json-file.ts';
import { refuseTaken } from './add.ts';
import { lockCrew } from '../rig/crew-place.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { settleClone } from './settle.ts';

/**
 * Gives a workspace another name: folder, row, what it is assigned and its mail. Cut off anywhere, the same command
 * goes on. RefusedError `crew.same-name`, `crew.session-up`, `crew.has-worktrees`, `crew.moved` and what `refuseTaken` throws.
 */
export async function renameCrew(ctx: TownContext, from: CrewPlace, to: CrewPlace): Promise<void> {
  if (from.name === to.name) {
    throw new RefusedError({ code: 'crew.same-name', message: `${from.name} has that name already` });
  }
  // In the order of their names, or two renames that cross would wait for each other.
  const [first, second] = from.name < to.name ? [from, to] : [to, from];
  await using _first = await lockCrew(ctx, first, 'crew rename');
  await using _second = await lockCrew(ctx, second, 'crew rename');
  await refuseSession(ctx, from);
  if (!(await isMoved(ctx, from, to))) {
    await refuseTaken(ctx, to);
    await refuseWorktrees(ctx, from);
    await ctx.ports.files.remove(to.path);
    await ctx.ports.files.rename(from.path, to.path);
  }
  await renameRows(ctx, from, to);
  // Last: until now the file in the folder says the old name, by which a second try knows what to go on with.
  await settleClone(ctx, to, { fresh: false });
  const payload = { rig: from.rig.name, crew: from.name, to: to.name };
  await emitEvent(ctx, { type: 'crew_renamed', payload, visibility: 'both' });
}

/** An earlier try had moved the folder and was cut off: the file in it still says the old name. */
async function isMoved(ctx: TownContext, from: CrewPlace, to: CrewPlace): Promise<boolean> {
  const { files } = ctx.ports;
  if ((await files.stat(from.path)) !== undefined) return false;
  const owner = await readJsonFile(files, join(to.path, '.gt-agent'));
  if (owner?.['name'] === from.name && (await files.stat(join(to.path, '.git'))) !== undefined) return true;
  throw new NotFoundError({
    code: 'crew.not-found',
    message: `no crew workspace '${from.name}' in ${from.rig.name}`,
    hint: 'Run: gt crew list',
  });
}

async function refuseSession(ctx: TownContext, { session, name, rig }: CrewPlace): Promise<void> {
  const { kind } = await ctx.ports.panes.observe(session);
  if (kind !== 'live' && kind !== 'unreadable') return;
  throw new RefusedError({
    code: 'crew.session-up',
    message: `the session of ${name} is up`,
    hint: `Run: gt crew stop ${name} --rig ${rig.name}`,
  });
}

/** Git keeps absolute paths between a clone and worktrees of it; those in other rigs have the name in their own. */
async function refuseWorktrees(ctx: TownContext, from: CrewPlace): Promise<void> {
  const own = await ctx.ports.files.realPath(from.path);
  const linked = (await ctx.ports.git.worktrees.list(from.path)).map(({ path }) => path);
  const folders = (await listRigs(ctx)).map((rig) => listCrewFolders(ctx, rig));
  const sisters = (await Promise.all(folders))
    .flat()
    .filter(({ name, kind }) => kind === 'worktree' && name === `${from.rig.name}-${from.name}`);
  const [first] = [...linked.filter((path) => path !== own), ...sisters.map(({ path }) => path)];
  if (first === undefined) return;
  throw new RefusedError({
    code: 'crew.has-worktrees',
    message: `${from.name} has a worktree at ${first}`,
    hint: sisters.length === 0 ? `Run: git worktree remove ${first}` : 'Run: gt worktree list',
  });
}

/** The number of sessions goes on: what an old one says stays old. */
async function renameRows(ctx: TownContext, from: CrewPlace, to: CrewPlace): Promise<void> {
  const { rig } = from;
  const actor = formatAddress(ctx.actor);
  const own = await ctx.ledgers.open(rig.database);
  await own.transaction(actor, async (tx) => {
    const row = await readAgentRow(tx, from.address, rig.prefix);
    const spawn = Math.max(row?.spawn ?? 0, (await readAgentRow(tx, to.address, rig.prefix))?.spawn ?? 0);
    await writeAgentRow(tx, to.address, rig.prefix, { agentState: 'idle', ...(spawn > 0 ? { spawn } : {}) });
    if (row !== undefined) await writeAgentRow(tx, from.address, rig.prefix, { agentState: 'nuked' });
    await reassign(tx, from, to);
  });
  const hq: Ledger = await ctx.ledgers.hq();
  await hq.transaction(actor, (tx) => reassign(tx, from, to));
}

/** Each row keeps the form of address it was written in. */
async function reassign(tx: LedgerTx, from: CrewPlace, to: CrewPlace): Promise<void> {
  const beads = await tx.list({ assignee: addressForms(from.address), notStatus: ['closed'] });
  for (const bead of beads) {
    const isMail = bead.assignee === formatMailAddress(from.address);
    const assignee = isMail ? formatMailAddress(to.address) : formatAddress(to.address);
    await tx.update(bead.id, { assignee });
  }
}
