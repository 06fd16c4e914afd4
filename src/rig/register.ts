import type { TownContext } from '../beads/context.ts';
import { RefusedError } from '../core/errors.ts';
import { isJsonObject, rewriteJsonFile } from '../town/json-file.ts';
import type { JsonTarget } from '../town/json-file.ts';
import { readRoutes, withRoute, withoutRoute, withoutRoutesTo } from '../town/routes.ts';
import { refusePrefix } from './add-plan.ts';
import { makeRigDatabase, makeRigRows } from './ledger.ts';
import { RIGS_HEADER } from './registry.ts';
import type { Rig } from './registry.ts';
import type { UndoList } from './undo.ts';

const LOCK_WAIT_MS = 30_000;

/**
 * Makes the rig known, under the `registry` lock and with everything read again: cloning took minutes, another
 * rig may have come. The ledger first, since whoever reads all of them follows the routes; then the route (rows are
 * found by it), the rows, the registry entry last.
 */
export async function registerRig(ctx: TownContext, rig: Rig, undo: UndoList): Promise<void> {
  await using _lock = await ctx.ports.locks.acquire('registry', {
    waitMs: LOCK_WAIT_MS,
    purpose: `rig add ${rig.name}`,
  });
  refusePrefix(rig.name, rig.prefix, await readRoutes(ctx.ports.files, ctx.paths));
  await makeRigDatabase(ctx, rig);
  undo.add(`the route of ${rig.prefix}`, () => dropRoute(ctx, rig));
  await changeRoutes(ctx, (text) => withRoute(withoutRoutesTo(text, rig.name), rig.prefix, rig.name));
  await makeRigRows(ctx, rig);
  await addEntry(ctx, rig);
}

async function dropRoute(ctx: TownContext, rig: Rig): Promise<void> {
  await using _lock = await ctx.ports.locks.acquire('registry', {
    waitMs: LOCK_WAIT_MS,
    purpose: `undo rig add ${rig.name}`,
  });
  await changeRoutes(ctx, (text) => withoutRoute(text, rig.prefix));
}

async function addEntry(ctx: TownContext, rig: Rig): Promise<void> {
  await rewriteJsonFile(ctx.ports.files, registryTarget(ctx), (doc) => {
    const rigs = isJsonObject(doc['rigs']) ? doc['rigs'] : {};
    if (Object.hasOwn(rigs, rig.name)) {
      throw new RefusedError({
        code: 'rig.exists',
        message: `another process added a rig '${rig.name}' meanwhile`,
      });
    }
    return { ...doc, rigs: { ...rigs, [rig.name]: entryOf(rig) } };
  });
}

function entryOf(rig: Rig): Readonly<Record<string, unknown>> {
  return {
    git_url: rig.gitUrl,
    ...(rig.pushUrl === undefined ? {} : { push_url: rig.pushUrl }),
    ...(rig.upstreamUrl === undefined ? {} : { upstream_url: rig.upstreamUrl }),
    added_at: rig.addedAt,
    beads: { repo: '', prefix: rig.prefix },
  };
}

/** Takes the rig out of the registry and the routes; its files and its ledger stay. */
export async function unregisterRig(ctx: TownContext, rig: Pick<Rig, 'name' | 'prefix'>): Promise<void> {
  await using _lock = await ctx.ports.locks.acquire('registry', {
    waitMs: LOCK_WAIT_MS,
    purpose: `rig remove ${rig.name}`,
  });
  await rewriteJsonFile(ctx.ports.files, registryTarget(ctx), (doc) => {
    const rigs = isJsonObject(doc['rigs']) ? doc['rigs'] : {};
    return { ...doc, rigs: Object.fromEntries(Object.entries(rigs).filter(([name]) => name !== rig.name)) };
  });
  await changeRoutes(ctx, (text) => withoutRoute(text, rig.prefix));
}

function registryTarget(ctx: TownContext): JsonTarget {
  return {
    path: ctx.paths.rigsFile,
    lock: 'registry',
    header: RIGS_HEADER,
    initial: { version: 1, rigs: {} },
  };
}

async function changeRoutes(ctx: TownContext, change: (text: string) => string): Promise<void> {
  const { files } = ctx.ports;
  const text = (await files.readText(ctx.paths.routesFile)) ?? '';
  await files.writeAtomic(ctx.paths.routesFile, change(text), { mode: 0o600 });
}
