import type { TownContext } from '../beads/context.ts';
import { formatAddress } from '../core/address.ts';
import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { updateJsonFile } from '../town/json-file.ts';
import type { JsonObject } from '../town/json-file.ts';
import { withTyped } from '../town/key-kinds.ts';
import { parseKey, specOf } from '../town/layers.ts';
import { setRigWanted } from '../town/wanted.ts';
import { rigBeadId } from './labels.ts';
import { blockedOf, valuesOf, wispFile } from './properties.ts';
import { PROPERTY_TABLE } from './property-keys.ts';
import type { Rig } from './registry.ts';
import { followRigStatus } from './status.ts';

export interface PropertyChange {
  readonly name: string;
  /** `here` = the file of this machine; `global` = a label of the rig's bead, which every machine sees. */
  readonly where: 'here' | 'global';
  readonly how:
    | { readonly do: 'set'; /** As typed. */ readonly text: string }
    | { readonly do: 'unset' }
    /** The property has its default here, whatever the rig's bead and the town say. */
    | { readonly do: 'block' };
}

/**
 * Changes one property of a rig and returns its name. UsageError `config.unknown-key`, `config.bad-value`; RefusedError
 * `config.blocked`; NotFoundError `bead.not-found` when the rig has no bead to carry a label.
 */
export async function changeRigProperty(ctx: TownContext, rig: Rig, change: PropertyChange): Promise<void> {
  const name = parseKey(PROPERTY_TABLE, change.name);
  const { kind } = specOf(PROPERTY_TABLE, name);
  const { how } = change;
  const text = how.do === 'set' ? how.text : '';
  const value = withTyped({}, [name], { name, kind, text });
  if (change.where === 'global') {
    await setLabel(ctx, rig, { name, text: labelText(value[name]) });
    if (name === 'status') await followRigStatus(ctx, [rig]);
    return;
  }
  if (name === 'status') await wantRig(ctx, rig, how.do === 'block' ? 'operational' : text);
  // The status stands in the wanted state alone; what another program left in this file goes.
  const own = name === 'status' ? ({ do: 'unset', value: {} } as const) : { do: how.do, value };
  const path = wispFile(ctx, rig);
  const initial = { rig: rig.name, values: {}, blocked: [] };
  await updateJsonFile(ctx, { path, lock: 'config', initial }, (doc) =>
    changed(doc, { name, path, rig: rig.name, ...own }),
  );
  if (name === 'status') await followRigStatus(ctx, [rig]);
}

/** One place says on this machine whether the rig is open, as everything that starts something reads it. */
async function wantRig(ctx: TownContext, rig: Rig, status: string): Promise<void> {
  if (status === 'docked') {
    throw new UsageError({
      code: 'config.bad-value',
      message: 'a rig is docked on all machines, not on one',
      hint: `Run: gt rig dock ${rig.name}`,
    });
  }
  const wanted = { operational: 'up', parked: 'down' } as const;
  await setRigWanted(
    ctx,
    rig.name,
    Object.hasOwn(wanted, status) ? wanted[status as keyof typeof wanted] : undefined,
  );
}

/** As `scalars` of the reading side takes it; '' = no label. */
function labelText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface WispChange {
  readonly name: string;
  readonly path: string;
  readonly rig: string;
  readonly do: PropertyChange['how']['do'];
  readonly value: JsonObject;
}

function changed(doc: JsonObject, change: WispChange): JsonObject {
  const { name, path } = change;
  const before = blockedOf(doc, path);
  if (change.do === 'set' && before.includes(name)) throw isBlocked(change);
  const values = Object.fromEntries(Object.entries(valuesOf(doc, path)).filter(([key]) => key !== name));
  const blocked = before.filter((key) => key !== name);
  return {
    ...doc,
    values: { ...values, ...change.value },
    blocked: change.do === 'block' ? [...blocked, name] : blocked,
  };
}

async function setLabel(
  ctx: TownContext,
  rig: Rig,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<void> {
  const id = rigBeadId(rig);
  const ledger = await ctx.ledgers.open(rig.database);
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const bead = await tx.get(id);
    if (bead === undefined) throw noBead(id);
    const old = bead.labels.filter((label) => label.startsWith(`${name}:`));
    for (const label of old) await tx.removeLabel(id, label);
    if (text !== '') await tx.addLabel(id, `${name}:${text}`);
  });
}

function isBlocked({ rig, name, path }: WispChange): RefusedError {
  return new RefusedError({
    code: 'config.blocked',
    message: `${name} of ${rig} is blocked in ${path}: a value would not count`,
    hint: `Run: gt rig config unset ${rig} ${name}`,
  });
}

function noBead(id: string): NotFoundError {
  return new NotFoundError({
    code: 'bead.not-found',
    message: `the rig's own bead ${id} is not there`,
    hint: 'Run: gt doctor --fix',
  });
}
