import { writeAgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { RefusedError } from '../core/errors.ts';
import { findStartPoint } from '../hooks/start-point.ts';
import { polecatNames, readPool } from '../polecat/dispatch/pool.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { listRigPlaces } from '../rig/registry.ts';
import { createUndoList } from '../rig/undo.ts';
import type { UndoList } from '../rig/undo.ts';
import { addressOfSession } from '../sessions/session-address.ts';
import { emitEvent } from '../town/events.ts';
import { lockCrew } from '../rig/crew-place.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { settleClone } from './settle.ts';

export interface AddCrewOptions {
  /** `default` = the rig's default branch; `own` = a branch `crew/<name>` that starts there. */
  readonly branch: 'default' | 'own';
}

export interface AddedCrew {
  readonly place: CrewPlace;
  readonly branch: string;
  readonly warnings: readonly string[];
}

const POOL_MS = 30_000;

/**
 * Makes a person's workspace in a rig: a clone of its own with the rig's remotes, and the agent's row. What fails is
 * taken back. RefusedError `crew.exists`, `crew.is-polecat`, `crew.session-clash`.
 */
export async function addCrew(
  ctx: TownContext,
  place: CrewPlace,
  options: AddCrewOptions,
): Promise<AddedCrew> {
  await using _lock = await lockCrew(ctx, place, 'crew add');
  const undo = createUndoList(ctx.ports.log);
  try {
    await reserveName(ctx, place, undo);
    const branch = await makeClone(ctx, place, options);
    const warnings = await settleClone(ctx, place, { fresh: true });
    await writeRow(ctx, place);
    const payload = { rig: place.rig.name, crew: place.name, branch };
    await emitEvent(ctx, { type: 'crew_added', payload, visibility: 'both' });
    return { place, branch, warnings };
  } catch (error) {
    await undo.run();
    throw error;
  }
}

/** The folder itself takes the name, under the lock by which polecats get theirs: one mailbox, one agent. */
async function reserveName(ctx: TownContext, place: CrewPlace, undo: UndoList): Promise<void> {
  const { rig, name, path } = place;
  await using _pool = await ctx.ports.locks.acquire(`pool-${rig.name}`, {
    waitMs: POOL_MS,
    purpose: `crew add ${name}`,
  });
  await refuseTaken(ctx, place);
  undo.add(`the folder ${path}`, () => ctx.ports.files.remove(path));
  await ctx.ports.files.makeDir(path);
}

/** Also asked before a rename. A folder that a killed `crew add` left empty is free. */
export async function refuseTaken(ctx: TownContext, place: CrewPlace): Promise<void> {
  const { rig, name } = place;
  const folder = (await listCrewFolders(ctx, rig)).find((each) => each.name === name);
  const isFree = folder === undefined || (await isEmpty(ctx, folder.path));
  if (!isFree) {
    throw new RefusedError({
      code: 'crew.exists',
      message: `${rig.name} has a crew workspace '${name}' already`,
      hint: `Run: gt crew at ${name} --rig ${rig.name}`,
    });
  }
  if (polecatNames(await readPool(ctx, rig)).has(name)) {
    throw new RefusedError({
      code: 'crew.is-polecat',
      message: `${rig.name} has a polecat '${name}': crew of that name would share its mailbox`,
      hint: 'Choose another name',
    });
  }
  const owner = addressOfSession(place.session, await listRigPlaces(ctx));
  if (owner === undefined || formatAddress(owner) !== formatAddress(place.address)) {
    throw new RefusedError({
      code: 'crew.session-clash',
      message: `session ${place.session} would belong to ${owner === undefined ? 'nobody' : formatAddress(owner)}`,
      hint: 'Choose another name',
    });
  }
}

async function isEmpty(ctx: TownContext, folder: string): Promise<boolean> {
  return ((await ctx.ports.files.list(folder)) ?? []).length === 0;
}

/** Returns its branch. */
async function makeClone(
  ctx: TownContext,
  { rig, name, path }: CrewPlace,
  options: AddCrewOptions,
): Promise<string> {
  const { remotes } = ctx.ports.git;
  const { base } = await findStartPoint(ctx, rig, { base: rig.defaultBranch });
  const branch = options.branch === 'own' ? `crew/${name}` : rig.defaultBranch;
  await remotes.cloneLinked(rig.paths.bare, path, {
    branch,
    commit: base,
    upstream: rig.defaultBranch,
    sparse: rig.sparse,
    origin: { fetch: rig.gitUrl, ...(rig.pushUrl === undefined ? {} : { push: rig.pushUrl }) },
  });
  if (rig.upstreamUrl !== undefined) await remotes.setUrls(path, 'upstream', { fetch: rig.upstreamUrl });
  return branch;
}

async function writeRow(ctx: TownContext, { rig, address }: CrewPlace): Promise<void> {
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), (tx) =>
    writeAgentRow(tx, address, rig.prefix, { agentState: 'idle' }),
  );
}
