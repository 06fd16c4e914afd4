import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { NotFoundError, UsageError } from '../../core/errors.ts';
import { parseWorkerName } from '../../core/names.ts';
import type { WorkerName } from '../../core/names.ts';
import { nearestHint } from '../../core/nearest.ts';
import { listCrewFolders } from '../../rig/crew-folders.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { listDogs } from '../dispatch/dogs.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import { polecatNamed } from '../list.ts';
import { findCrew } from '../../rig/find-crew.ts';

/** What a target may leave out. */
export interface TargetContext {
  /** Rig of the first bead, for roles that name none. */
  readonly rig: Rig | undefined;
  /** A named polecat or dog need not be there. */
  readonly create: boolean;
}

const ROLES: Readonly<Record<string, 'mayor' | 'deacon' | 'witness' | 'refinery' | 'crew' | 'dog'>> = {
  mayor: 'mayor',
  may: 'mayor',
  deacon: 'deacon',
  dea: 'deacon',
  witness: 'witness',
  wit: 'witness',
  refinery: 'refinery',
  ref: 'refinery',
  crew: 'crew',
  dog: 'dog',
};

/** A last word that is a target whatever beads there are: `.`, a path, a role, a dog. */
export function looksLikeTarget(word: string): boolean {
  return (
    word === '' || word === '.' || word.includes('/') || word.startsWith('dog:') || Object.hasOwn(ROLES, word)
  );
}

/**
 * Reads where work shall go (spec 03 §2): `.`, `mayor|may`, `deacon|dea`, `witness|wit`, `refinery|ref`, `crew`,
 * `<rig>`, `<rig>/<n>` (crew before polecat), `<rig>/polecats/<n>`, `<rig>/crew/<n>`, `deacon/dogs[/<n>]`, `dog:[<n>]`.
 * UsageError `sling.target`; NotFoundError `rig.not-found`, `crew.not-found`, `polecat.not-found`, `dog.not-found`.
 */
export async function readTarget(ctx: TownContext, word: string, context: TargetContext): Promise<Recipient> {
  if (word === '.') return { kind: 'standing', address: ctx.actor };
  if (word.startsWith('dog:')) return dog(ctx, word.slice(4), context);
  const parts = word.replace(/(?<=[^/])\/$/, '').split('/');
  if (parts.includes('')) throw badTarget(word, word === '' ? 'it is empty' : 'a part of it is empty');
  if (parts.length > 3) throw badTarget(word, 'write at most <rig>/<role>/<name>');
  const [first = '', ...rest] = parts;
  const role = Object.hasOwn(ROLES, first) ? ROLES[first] : undefined;
  return role === undefined
    ? inRig(ctx, { word, rig: await rigNamed(ctx, first), rest }, context)
    : byRole(ctx, { word, role, rest }, context);
}

interface ByRole {
  readonly word: string;
  readonly role: (typeof ROLES)[string];
  readonly rest: readonly string[];
}

async function byRole(
  ctx: TownContext,
  { word, role, rest }: ByRole,
  context: TargetContext,
): Promise<Recipient> {
  if (role === 'deacon' && rest[0] === 'dogs') return dog(ctx, rest[1] ?? '', context);
  if (role === 'crew') return crew(ctx, { rig: homeRig(ctx, word, context), rest, word });
  if (rest.length > 0) throw badTarget(word, `${role} is one agent: there is nothing below it`);
  if (role === 'dog') return dog(ctx, '', context);
  if (role === 'mayor' || role === 'deacon') return { kind: 'standing', address: { role } };
  const { name: rig } = await homeRig(ctx, word, context);
  return { kind: 'standing', address: { role, rig } };
}

/** The caller's rig, else that of the bead. */
async function homeRig(ctx: TownContext, word: string, { rig }: TargetContext): Promise<Rig> {
  if ('rig' in ctx.actor) return rigNamed(ctx, ctx.actor.rig);
  if (rig !== undefined) return rig;
  throw badTarget(word, `of which rig? Write <rig>/${word === 'crew' ? 'crew/<name>' : word}`);
}

async function crew(
  ctx: TownContext,
  {
    rig: home,
    rest,
    word,
  }: { readonly rig: Promise<Rig>; readonly rest: readonly string[]; readonly word: string },
): Promise<Recipient> {
  const rig = await home;
  const [name, ...more] = rest;
  if (more.length > 0) throw badTarget(word, 'write crew, crew/<name> or <rig>/crew/<name>');
  if (name !== undefined) return crewMember(ctx, rig, name);
  if (ctx.actor.role === 'crew') return { kind: 'standing', address: ctx.actor };
  const names = await crewNames(ctx, rig);
  const [only, ...others] = names;
  if (only !== undefined && others.length === 0) return crewMember(ctx, rig, only);
  throw badTarget(
    word,
    `which of ${rig.name}? ${names.map((each) => `${rig.name}/crew/${each}`).join(', ')}`,
  );
}

/** NotFoundError `crew.not-found`. */
export async function crewMember(ctx: TownContext, rig: Rig, name: string): Promise<Recipient> {
  const { address } = await findCrew(ctx, { word: name, rig: rig.name, cwd: '' });
  return { kind: 'standing', address };
}

async function crewNames(ctx: TownContext, rig: Rig): Promise<readonly string[]> {
  const folders = await listCrewFolders(ctx, rig);
  return folders.flatMap(({ kind, name }) => (kind === 'clone' ? [name] : []));
}

interface InRig {
  readonly word: string;
  readonly rig: Rig;
  readonly rest: readonly string[];
}

async function inRig(
  ctx: TownContext,
  { word, rig, rest }: InRig,
  context: TargetContext,
): Promise<Recipient> {
  const [second, third] = rest;
  if (second === undefined) return { kind: 'worker', rig };
  if (third !== undefined) {
    if (second === 'crew') return crewMember(ctx, rig, third);
    if (second === 'polecats')
      return { kind: 'worker', rig, named: await polecat(ctx, { rig, name: third, context }), orAny: true };
    throw badTarget(
      word,
      `'${second}' is no role: write ${rig.name}/crew/<name> or ${rig.name}/polecats/<name>`,
    );
  }
  const role = Object.hasOwn(ROLES, second) ? ROLES[second] : undefined;
  if (role === 'witness' || role === 'refinery')
    return { kind: 'standing', address: { role, rig: rig.name } };
  if (role === 'mayor') return { kind: 'standing', address: { role } };
  if (role !== undefined || second === 'polecats')
    throw badTarget(word, `name one: ${rig.name}/${second}/<name>`);
  if ((await crewNames(ctx, rig)).includes(second)) return crewMember(ctx, rig, second);
  return { kind: 'worker', rig, named: await polecat(ctx, { rig, name: second, context }) };
}

async function polecat(
  ctx: TownContext,
  { rig, name, context }: { readonly rig: Rig; readonly name: string; readonly context: TargetContext },
): Promise<WorkerName> {
  const parsed = parseWorkerName(name);
  if (!context.create) await polecatNamed(ctx, rig, parsed);
  return parsed;
}

async function dog(ctx: TownContext, name: string, { create }: TargetContext): Promise<Recipient> {
  if (name === '') return { kind: 'dog' };
  const named = parseWorkerName(name);
  if (create) return { kind: 'dog', named };
  const names = (await listDogs(ctx)).map((each) => each.name);
  if (names.includes(named)) return { kind: 'dog', named };
  throw new NotFoundError({
    code: 'dog.not-found',
    message: `there is no dog '${named}'`,
    hint: nearestHint(named, names, 'To have it made: --create'),
  });
}

function badTarget(word: string, why: string): UsageError {
  return new UsageError({
    code: 'sling.target',
    message: `'${word.slice(0, 60)}' is no target: ${why}`,
    hint: 'A target is a rig, <rig>/<polecat>, <rig>/crew/<name>, mayor, dog: or . (yourself)',
  });
}

/** For `--dry-run` and results: who gets it. */
export function recipientName(to: Recipient): string {
  switch (to.kind) {
    case 'worker':
      return to.named === undefined
        ? `an idle or new polecat of ${to.rig.name}`
        : `${to.rig.name}/${to.named}${to.orAny === true ? ', or another polecat when that is dead' : ''}`;
    case 'dog':
      return to.named === undefined ? 'an idle or new dog' : `dog ${to.named}`;
    case 'standing':
      return formatAddress(to.address);
  }
}
