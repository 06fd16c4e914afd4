import type { AgentAddress } from '../core/address.ts';
import { agentBeadIdOf, formatAddress, isTownAddress, sessionOf } from '../core/address.ts';
import { NotFoundError, UsageError } from '../core/errors.ts';
import { parsePrefix } from '../core/names.ts';
import type { Prefix, SessionName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import type { TownContext } from '../beads/context.ts';
import { resolveAddress } from '../rig/crew-folders.ts';
import { listRigPlaces, rigNamed } from '../rig/registry.ts';
import { addressOfSession } from './session-address.ts';

/** An agent that a person has named, and its session. */
export interface Target {
  readonly address: AgentAddress;
  readonly session: SessionName;
  /** Its own bead, which need not be there. */
  readonly bead: string;
  /** Of the ledger that the bead belongs to. */
  readonly prefix: Prefix;
}

/**
 * Reads what people type for an agent: an address (`mayor`, `r/toast`, `r/crew/ann`), a session name (`gt-toast`), or
 * a bare worker's name when only one session has it. UsageError `address.bad`, NotFoundError `session.unknown`,
 * `rig.not-found`.
 */
export async function findTarget(ctx: TownContext, text: string): Promise<Target> {
  const rigs = await listRigPlaces(ctx);
  const named = addressOfSession(text, rigs);
  const known = await ctx.ports.panes.list();
  if (named !== undefined && known.some((session) => session === text)) return targetOf(ctx, named);
  const address = isAddress(text) ? await resolveAddress(ctx, text) : undefined;
  if (address !== undefined) return targetOf(ctx, address);
  const [first, ...others] = known.flatMap((session) => {
    const candidate = addressOfSession(session, rigs);
    return candidate !== undefined && 'name' in candidate && candidate.name === text ? [candidate] : [];
  });
  if (first !== undefined && others.length === 0) return targetOf(ctx, first);
  if (named !== undefined) return targetOf(ctx, named);
  throw first === undefined ? unknown(text, known) : ambiguous(text, [first, ...others]);
}

/** Session and bead of an agent. NotFoundError `rig.not-found`. */
export async function targetOf(ctx: TownContext, address: AgentAddress): Promise<Target> {
  const prefix = 'rig' in address ? (await rigNamed(ctx, address.rig)).prefix : parsePrefix('hq');
  return { address, session: sessionOf(address, prefix), bead: agentBeadIdOf(address, prefix), prefix };
}

function isAddress(text: string): boolean {
  return text.includes('/') || isTownAddress(text);
}

function unknown(text: string, known: readonly SessionName[]): NotFoundError {
  return new NotFoundError({
    code: 'session.unknown',
    message: `no agent or session '${text.slice(0, 60)}'`,
    hint: nearestHint(text, known, 'Run: gt session list'),
  });
}

function ambiguous(text: string, found: readonly AgentAddress[]): UsageError {
  return new UsageError({
    code: 'session.ambiguous',
    message: `'${text.slice(0, 60)}' could be ${found.map(formatAddress).join(' or ')}`,
    hint: 'Write the whole address',
  });
}
