import { dirname, join, relative, sep } from 'node:path';
import * as z from 'zod/mini';
import { OVERSEER, formatAddress, parseAddress, sameAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { RefusedError, UsageError } from '../core/errors.ts';
import { parseRigName, readWorkerName } from '../core/names.ts';
import type { Files } from '../ports/files.ts';
import { corrupt, readJsonFile } from './json-file.ts';

export interface IdentityFacts {
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; '' when the folder was deleted. */
  readonly cwd: string;
  readonly files: Files;
  /** Town root. */
  readonly root: string;
}

/** Who runs this command, and how we know. */
export interface Identity {
  readonly address: AgentAddress;
  readonly source: 'env' | 'file' | 'cwd' | 'default';
  /** What says otherwise; the address is then for looking only. */
  readonly conflict: Conflict | undefined;
}

/** Two things that name the caller and do not agree. */
export type Conflict =
  /** The environment, or a `.gt-agent` file, against the home that cwd lies in. */
  | { readonly kind: 'home'; readonly says: 'GT_ROLE' | '.gt-agent'; readonly owner: AgentAddress }
  /** The agent belongs to another town than the one it acts on. */
  | { readonly kind: 'town'; readonly root: string; readonly other: string };

/**
 * GT_ROLE (a full address, or a short role with GT_RIG and GT_POLECAT, GT_CREW or GT_DOG_NAME), then the nearest
 * `.gt-agent` file upward, then the home that cwd lies in, then `overseer`. The first that says something wins; what
 * the others say is checked against it. UsageError `identity.bad-role` for a GT_ROLE that makes no sense.
 */
export async function whoAmI(given: IdentityFacts): Promise<Identity> {
  const facts = await withRealPaths(given);
  const byFile = await identityFromFile(facts);
  const byPath = identityFromPath(facts.root, facts.cwd);
  const byPlace = byFile ?? byPath;
  const byEnv = identityFromEnv(facts.env, byPlace);
  if (byEnv !== undefined) {
    const conflict = (await otherTown(given)) ?? otherHome(byEnv, byPlace, 'GT_ROLE');
    return { address: byEnv, source: 'env', conflict };
  }
  if (byFile !== undefined) {
    return { address: byFile, source: 'file', conflict: otherHome(byFile, byPath, '.gt-agent') };
  }
  if (byPath !== undefined) return { address: byPath, source: 'cwd', conflict: undefined };
  return { address: OVERSEER, source: 'default', conflict: undefined };
}

function otherHome(
  own: AgentAddress,
  owner: AgentAddress | undefined,
  says: 'GT_ROLE' | '.gt-agent',
): Conflict | undefined {
  if (owner === undefined || sameAddress(own, owner) || isSisterFolder(own, owner)) return undefined;
  return { kind: 'home', says, owner };
}

/** `<rig>/crew/<own rig>-<own name>`: the worktree that an agent has in another rig. */
function isSisterFolder(own: AgentAddress, owner: AgentAddress): boolean {
  return 'rig' in own && 'name' in own && owner.role === 'crew' && owner.name === `${own.rig}-${own.name}`;
}

/** An agent's environment names its town; somebody who only has GT_TOWN_ROOT set is no agent and may go anywhere. */
async function otherTown({ env, files, root }: IdentityFacts): Promise<Conflict | undefined> {
  const own = env['GT_TOWN_ROOT'] ?? '';
  if (own === '' || own === root) return undefined;
  const [left, right] = await Promise.all([files.realPath(own), files.realPath(root)]);
  return (left ?? own) === (right ?? root) ? undefined : { kind: 'town', root: own, other: root };
}

/** A town reached through a symbolic link is still the town: compares real paths where the given ones differ. */
async function withRealPaths(facts: IdentityFacts): Promise<IdentityFacts> {
  if (facts.cwd === '' || isInside(facts.root, facts.cwd)) return facts;
  const [root, cwd] = await Promise.all([facts.files.realPath(facts.root), facts.files.realPath(facts.cwd)]);
  return { ...facts, root: root ?? facts.root, cwd: cwd ?? facts.cwd };
}

/** Commands that write call this: nobody acts in a name that is in doubt (P18). RefusedError `identity.conflict`. */
export function refuseConflict({ address, conflict }: Pick<Identity, 'address' | 'conflict'>): void {
  if (conflict === undefined) return;
  throw new RefusedError({
    code: 'identity.conflict',
    message: conflictLine(address, conflict),
    hint: hintFor(conflict),
  });
}

/** What reads print on stderr and go on. */
export function conflictLine(address: AgentAddress, conflict: Conflict): string {
  if (conflict.kind === 'town') {
    return `${formatAddress(address)} belongs to the town ${conflict.root}, this is ${conflict.other}`;
  }
  return `${conflict.says} says ${formatAddress(address)}, this folder belongs to ${formatAddress(conflict.owner)}`;
}

function hintFor(conflict: Conflict): string {
  if (conflict.kind === 'town') return `Go back to ${conflict.root}`;
  return conflict.says === 'GT_ROLE'
    ? 'Go to your own folder, or unset GT_ROLE'
    : 'Repair the .gt-agent file, or remove it: the folder then says who you are';
}

/** The address in GT_ROLE and its companions; gaps are filled from the place. undefined when none is set. */
function identityFromEnv(
  env: Readonly<Record<string, string>>,
  place: AgentAddress | undefined,
): AgentAddress | undefined {
  const role = (env['GT_ROLE'] ?? '').trim();
  const { GT_RIG: rig = '', GT_POLECAT: polecat = '', GT_CREW: crew = '', GT_DOG_NAME: dog = '' } = env;
  if (role === '') {
    return polecat !== '' && rig !== '' ? parseAddress(`${rig}/polecats/${polecat}`) : undefined;
  }
  const found = shortRole(role, { rig, polecat, crew, dog }, place);
  if (found !== undefined) return found;
  try {
    return parseAddress(role);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError({
      code: 'identity.bad-role',
      message: `GT_ROLE='${role.slice(0, 60)}' names no agent`,
      hint: 'Set GT_ROLE to an address such as <rig>/polecats/<name>, or unset it',
    });
  }
}

interface Companions {
  readonly rig: string;
  readonly polecat: string;
  readonly crew: string;
  readonly dog: string;
}

/** `polecat`, `crew`, `dog`, `witness`, `refinery` alone: the rest comes from the companions, else the place. */
function shortRole(role: string, env: Companions, place: AgentAddress | undefined): AgentAddress | undefined {
  const rig = env.rig !== '' ? env.rig : place !== undefined && 'rig' in place ? place.rig : '';
  const placeName = place !== undefined && 'name' in place && place.role === role ? place.name : '';
  switch (role) {
    case 'witness':
    case 'refinery':
      return rig === '' ? undefined : { role, rig: parseRigName(rig) };
    case 'polecat':
    case 'crew': {
      const name = (role === 'polecat' ? env.polecat : env.crew) || placeName;
      return rig === '' || name === ''
        ? undefined
        : { role, rig: parseRigName(rig), name: readWorkerName(name) };
    }
    case 'dog': {
      const name = env.dog || placeName;
      return name === '' ? undefined : { role, name: readWorkerName(name) };
    }
    default:
      return undefined;
  }
}

const agentFileSchema = z.object({
  role: z.string(),
  rig: z.optional(z.string()),
  name: z.optional(z.string()),
});

/** The `.gt-agent` file nearest upward from cwd, below the town root. */
async function identityFromFile({ files, cwd, root }: IdentityFacts): Promise<AgentAddress | undefined> {
  if (!isInside(root, cwd)) return undefined;
  for (let folder = cwd; folder !== root && isInside(root, folder); folder = dirname(folder)) {
    const path = join(folder, '.gt-agent');
    const doc = await readJsonFile(files, path);
    if (doc === undefined) continue;
    const parsed = agentFileSchema.safeParse(doc);
    const address = parsed.success ? lenient(() => addressOfFile(parsed.data)) : undefined;
    if (address === undefined) throw corrupt(path, 'it names no agent');
    return address;
  }
  return undefined;
}

function addressOfFile({ role, rig = '', name = '' }: z.infer<typeof agentFileSchema>): AgentAddress {
  switch (role) {
    case 'polecat':
      return parseAddress(`${rig}/polecats/${name}`);
    case 'crew':
      return parseAddress(`${rig}/crew/${name}`);
    case 'witness':
    case 'refinery':
      return parseAddress(`${rig}/${role}`);
    case 'dog':
      return parseAddress(`dog:${name}`);
    default:
      return parseAddress(role);
  }
}

/** The agent whose home `cwd` lies in; undefined at the town root, in a rig's root and outside. */
function identityFromPath(root: string, cwd: string): AgentAddress | undefined {
  if (!isInside(root, cwd)) return undefined;
  const [first, second, third] = relative(root, cwd).split(sep);
  if (first === undefined || first === '') return undefined;
  if (first === 'mayor') return { role: 'mayor' };
  if (first === 'deacon') return deaconHome(second, third);
  if (second === undefined) return undefined;
  return lenient(() => {
    const rig = parseRigName(first);
    if (second === 'witness' || second === 'refinery') return { role: second, rig };
    if (second === 'mayor') return { role: 'mayor' };
    if (third === undefined) return undefined;
    if (second === 'polecats') return { role: 'polecat', rig, name: readWorkerName(third) };
    return second === 'crew' ? { role: 'crew', rig, name: readWorkerName(third) } : undefined;
  });
}

function deaconHome(second: string | undefined, third: string | undefined): AgentAddress | undefined {
  if (second !== 'dogs') return { role: 'deacon' };
  if (third === undefined) return undefined;
  return third === 'boot' ? { role: 'boot' } : lenient(() => ({ role: 'dog', name: readWorkerName(third) }));
}

/** A folder that no agent can have is nobody's home. */
function lenient(read: () => AgentAddress | undefined): AgentAddress | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
