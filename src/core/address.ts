import { UsageError } from './errors.ts';
import { parseRigName, readWorkerName } from './names.ts';
import type { Prefix, RigName, SessionName, WorkerName } from './names.ts';

/**
 * Who an agent is. One codec for every written form: assignee id, mail form, tmux session, agent bead id.
 * `overseer` is the human.
 */
export type AgentAddress =
  | { readonly role: 'overseer' | 'mayor' | 'deacon' | 'boot' }
  | { readonly role: 'dog'; readonly name: WorkerName }
  | { readonly role: 'witness' | 'refinery'; readonly rig: RigName }
  | { readonly role: 'polecat' | 'crew'; readonly rig: RigName; readonly name: WorkerName };

export type Role = AgentAddress['role'];

export const ROLES: readonly Role[] = [
  'overseer',
  'mayor',
  'deacon',
  'boot',
  'dog',
  'witness',
  'refinery',
  'polecat',
  'crew',
];

/** Throws UsageError `role.bad`. */
export function parseRole(text: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role !== undefined) return role;
  throw new UsageError({
    code: 'role.bad',
    message: `'${text.slice(0, 60)}' is no role`,
    hint: `The roles are ${ROLES.join(', ')}`,
  });
}

export const OVERSEER: AgentAddress = { role: 'overseer' };

/** The stored form: assignee, created_by, event actor, GT_ROLE, BD_ACTOR (`mayor/`, `r/polecats/n`). */
export function formatAddress(address: AgentAddress): string {
  switch (address.role) {
    case 'overseer':
      return 'overseer';
    case 'mayor':
    case 'deacon':
      return `${address.role}/`;
    case 'boot':
      return 'deacon/boot';
    case 'dog':
      return `deacon/dogs/${address.name}`;
    case 'witness':
    case 'refinery':
      return `${address.rig}/${address.role}`;
    case 'polecat':
      return `${address.rig}/polecats/${address.name}`;
    case 'crew':
      return `${address.rig}/crew/${address.name}`;
  }
}

/** The short form of mail lines and status: workers lose their folder (`r/n`). */
export function formatMailAddress(address: AgentAddress): string {
  return address.role === 'polecat' || address.role === 'crew'
    ? `${address.rig}/${address.name}`
    : formatAddress(address);
}

/**
 * Every form in which rows name the agent, the stored one first: Go towns hold them all, so whoever looks for an
 * agent's rows matches each.
 */
export function addressForms(address: AgentAddress): readonly string[] {
  const forms = [formatAddress(address), formatMailAddress(address)];
  const bare = forms.map((form) => form.replace(/\/$/, ''));
  return [...new Set([...forms, ...bare, ...olderForms(address)])];
}

function olderForms(address: AgentAddress): readonly string[] {
  if (address.role === 'boot') return ['deacon-boot', 'boot'];
  return address.role === 'dog' ? [`dog:${address.name}`] : [];
}

/** The agent's tmux session; rig roles need the rig's bead prefix. */
export function sessionOf(address: AgentAddress, prefix: Prefix): SessionName {
  switch (address.role) {
    case 'overseer':
    case 'mayor':
    case 'deacon':
    case 'boot':
      return `hq-${address.role}` as SessionName;
    case 'dog':
      return `hq-dog-${address.name}` as SessionName;
    case 'witness':
    case 'refinery':
      return `${prefix}-${address.role}` as SessionName;
    case 'polecat':
      return `${prefix}-${address.name}` as SessionName;
    case 'crew':
      return `${prefix}-crew-${address.name}` as SessionName;
  }
}

/** The id of the agent's own bead; a rig named as its prefix collapses (`gt-witness`). */
export function agentBeadIdOf(address: AgentAddress, prefix: Prefix): string {
  switch (address.role) {
    case 'overseer':
    case 'mayor':
    case 'deacon':
    case 'boot':
      return `hq-${address.role}`;
    case 'dog':
      return `hq-dog-${address.name}`;
    case 'witness':
    case 'refinery':
      return `${rigPart(address.rig, prefix)}-${address.role}`;
    case 'polecat':
    case 'crew':
      return `${rigPart(address.rig, prefix)}-${address.role}-${address.name}`;
  }
}

function rigPart(rig: RigName, prefix: Prefix): string {
  return (rig as string) === (prefix as string) ? prefix : `${prefix}-${rig}`;
}

/**
 * Reads every form that gt, Go gt and people write: `mayor`, `mayor/`, `dog:n`, `r/witness`, `r/crew/n`,
 * `r/polecats/n`, `r/n` (a polecat). Throws UsageError `address.bad`.
 */
export function parseAddress(text: string): AgentAddress {
  const parts = text
    .trim()
    .split('/')
    .filter((part) => part !== '');
  const found = parts.length === 1 ? townAddress(parts) : parseParts(parts);
  if (found === undefined) throw badAddress(text);
  return found;
}

/** One word that names an agent of the town: `mayor`, `dog:n`. */
export function isTownAddress(word: string): boolean {
  return /^(?:mayor|deacon|boot|deacon-boot|overseer|dog:.*)$/.test(word);
}

function townAddress([word]: readonly string[]): AgentAddress | undefined {
  if (word === undefined) return undefined;
  if (word.startsWith('dog:')) return { role: 'dog', name: readWorkerName(word.slice(4)) };
  if (word === 'deacon-boot') return { role: 'boot' };
  if (word === 'overseer' || word === 'mayor' || word === 'deacon' || word === 'boot') return { role: word };
  return undefined;
}

function parseParts(parts: readonly string[]): AgentAddress | undefined {
  const [first, second, third] = parts;
  if (first === undefined || second === undefined || parts.length > 3) return undefined;
  if (first === 'deacon') {
    if (second === 'boot' && third === undefined) return { role: 'boot' };
    return second === 'dogs' && third !== undefined
      ? { role: 'dog', name: readWorkerName(third) }
      : undefined;
  }
  const rig = parseRigName(first);
  if (third !== undefined) {
    const name = readWorkerName(third);
    if (second === 'crew') return { role: 'crew', rig, name };
    return second === 'polecats' ? { role: 'polecat', rig, name } : undefined;
  }
  if (second === 'witness' || second === 'refinery') return { role: second, rig };
  if (second === 'mayor') return { role: 'mayor' };
  return { role: 'polecat', rig, name: readWorkerName(second) };
}

function badAddress(text: string): UsageError {
  return new UsageError({
    code: 'address.bad',
    message: `'${text.slice(0, 60)}' is not an agent address`,
    hint: 'Write mayor, <rig>/<polecat>, <rig>/crew/<name> or <rig>/witness. Run: gt polecat list',
  });
}

export function sameAddress(left: AgentAddress, right: AgentAddress): boolean {
  return formatAddress(left) === formatAddress(right);
}

/** `r.polecats.n@domain`: the author address of an agent's commits. */
export function emailOf(address: AgentAddress, domain: string): string {
  return `${formatAddress(address).replace(/\/$/, '').replaceAll('/', '.')}@${domain}`;
}
