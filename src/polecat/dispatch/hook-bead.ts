import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import type { TownContext } from '../../beads/context.ts';
import { closeSlingContexts } from '../../beads/forms/sling-context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import {
  ACCOUNT_KEY,
  ANNOUNCED_KEY,
  DISPATCH_KEY,
  RUNTIME_KEY,
  attachmentOf,
  dispatchOf,
} from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx, NewBead } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { BugError, GtError, RefusedError } from '../../core/errors.ts';
import { makeUlid } from '../../core/ulid.ts';
import type { Cooked } from '../../formulas/cook.ts';
import { attachFormula } from '../../formulas/molecule/attach.ts';
import { blueprintOf } from '../../formulas/molecule/blueprint.ts';
import type { Blueprint } from '../../formulas/molecule/blueprint.ts';
import { burnMolecule } from '../../formulas/molecule/burn.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import type { AgentPlace } from '../../rig/agent-place.ts';
import type { Rig } from '../../rig/registry.ts';
import { chooseBranch } from './choose-branch.ts';
import { priorBranchOf, readDispatch } from './dispatch.ts';
import type { Dispatch } from './dispatch.ts';

/** What is to be written, whoever the bead goes to. */
export interface Hooking {
  /** As it was when sling decided; the guard of the transaction. */
  readonly bead: Bead;
  /** It is not there yet: the same transaction makes it. */
  readonly fresh?: (NewBead & { readonly id: string }) | undefined;
  readonly terms: SlingTerms;
  /** Runtime name, written down so that a later try takes the same. */
  readonly runtime?: string | undefined;
  /** Metadata of `ORDER_KEYS`. */
  readonly orders: Readonly<Record<string, unknown>>;
  readonly cooked: Cooked | undefined;
  /** Wisps that keep the bead waiting and that nobody works on any more. */
  readonly oldWisps?: readonly string[] | undefined;
  /** A standing agent is not told: its hook is set, it goes on with what it does. */
  readonly quiet?: boolean | undefined;
}

export interface HookRequest extends Hooking {
  readonly address: AgentAddress;
  /** Of the bead, when the address is a polecat's. */
  readonly rig: Rig | undefined;
}

/** Labels of an unfinished `gt done` of an earlier spawn. */
const DONE_LABEL = /^done-(?:intent|cp):/;

/**
 * F3, the one transaction that makes a bead somebody's: status, assignee, attachment, the agent's row (for a polecat
 * with the next spawn number), queue row closed. RefusedError `sling.held` naming the winner when another sling was
 * faster; `polecat.busy`, `hook.full` when the agent has got other work meanwhile.
 */
export async function hookBead(ctx: TownContext, request: HookRequest): Promise<Dispatch> {
  const { rig, bead, address, terms, cooked } = request;
  const now = ctx.ports.clock.now();
  const [ledger, place] = await Promise.all([ctx.ledgers.of(bead.id), agentPlace(ctx, address)]);
  // Chosen outside: the closure may run again and must write the same values.
  const write: HookWrite = {
    ...request,
    token: makeUlid(now, ctx.ports.random.bytes(10)),
    branch: priorBranchOf(terms) ?? (await newBranch(ctx, request, now)),
    by: formatAddress(ctx.actor),
    at: new Date(now).toISOString(),
    blueprint: cooked === undefined ? undefined : blueprintOf(cooked),
    source: ctx.ports,
    place,
    isHome: place.database === ledger.database,
  };
  try {
    await ledger.transaction(write.by, (tx) => writeHook(tx, write));
  } catch (error) {
    throw await explainLoss(ctx, request, error);
  }
  const hooked = await ledger.get(bead.id);
  // Taken off again since, and perhaps given to another: their dispatch is not this one's to carry on.
  if (hooked === undefined || dispatchOf(hooked) !== write.token) throw heldNow(bead.id, hooked);
  if (address.role !== 'polecat')
    return { kind: 'standing', bead: hooked, address, token: write.token, terms, place };
  const dispatch = rig === undefined ? undefined : await readDispatch(ledger, rig, hooked);
  if (dispatch !== undefined) return dispatch;
  throw new BugError({
    code: 'bug.dispatch-unreadable',
    message: `${bead.id} was hooked and cannot be read back`,
  });
}

async function newBranch(
  ctx: TownContext,
  { rig, address, bead }: HookRequest,
  unixMs: number,
): Promise<string> {
  if (rig === undefined || address.role !== 'polecat') return '';
  return chooseBranch(ctx, rig, { worker: address.name, bead, unixMs });
}

interface HookWrite extends HookRequest {
  readonly token: string;
  readonly branch: string;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
  readonly blueprint: Blueprint | undefined;
  readonly source: Parameters<typeof attachFormula>[2]['source'];
  readonly place: AgentPlace;
  /** The agent's row lies in the database of the bead. */
  readonly isHome: boolean;
}

async function writeHook(tx: LedgerTx, write: HookWrite): Promise<void> {
  const { bead, fresh, address, terms, token, runtime, orders, quiet, by, at } = write;
  await refuseBusy(tx, write);
  if (fresh !== undefined) await tx.create(fresh);
  for (const wisp of await existing(tx, write.oldWisps ?? [])) await burnMolecule(tx, wisp);
  // The text as it is now: only status, assignee and token decide the race, a new comment or edit must not be lost.
  const { description } = (await tx.get(bead.id)) ?? bead;
  const attached = await attachFormula(tx, { id: bead.id, description }, write);
  await tx.update(
    bead.id,
    {
      status: 'hooked',
      assignee: formatAddress(address),
      description: writeAttachment(description, { ...attachmentOf(terms, { at, by }), ...attached }),
      metadata: {
        [DISPATCH_KEY]: token,
        ...(runtime === undefined ? {} : { [RUNTIME_KEY]: runtime }),
        [ACCOUNT_KEY]: terms.account ?? null,
        [ANNOUNCED_KEY]: quiet === true ? token : null,
        ...orders,
      },
    },
    // The token is a cell every contender writes with another value: two winners cannot both commit.
    { status: bead.status, assignee: bead.assignee, metadata: { [DISPATCH_KEY]: dispatchOf(bead) ?? null } },
  );
  if (write.isHome && address.role !== 'overseer') await writeRow(tx, write);
  await closeSlingContexts(tx, bead.id, 'dispatched');
}

async function existing(tx: LedgerTx, ids: readonly string[]): Promise<readonly string[]> {
  return ids.length === 0 ? [] : (await tx.list({ ids })).map((bead) => bead.id);
}

async function refuseBusy(tx: LedgerTx, { bead, address }: HookWrite): Promise<void> {
  const [held] = (await readAgentWork(tx, address)).held.filter((other) => other.id !== bead.id);
  if (held === undefined) return;
  throw address.role === 'polecat'
    ? new RefusedError({ code: 'polecat.busy', message: `polecat ${address.name} has ${held.id}` })
    : hookFull(address, held);
}

/** One bead at a time: what an agent has comes off its hook before anything else is put there. */
export function hookFull(address: AgentAddress, held: Bead): RefusedError {
  return new RefusedError({
    code: 'hook.full',
    message: `${formatAddress(address)} has ${held.id} already`,
    hint: `Run: gt unsling ${held.id}`,
  });
}

async function writeRow(tx: LedgerTx, write: HookWrite): Promise<void> {
  const { address, bead, terms, place, branch } = write;
  if (address.role !== 'polecat') {
    await writeAgentRow(tx, address, place.prefix, { agentState: 'working', hookBead: bead.id });
    return;
  }
  const row = await readAgentRow(tx, address, place.prefix);
  await writeAgentRow(tx, address, place.prefix, {
    agentState: 'spawning',
    spawn: (row?.spawn ?? 0) + 1,
    hookBead: bead.id,
    branch,
    mode: terms.mode ?? null,
    activeMr: null,
    exitType: null,
    completionTime: null,
    cleanupStatus: null,
    removeLabels: (row?.labels ?? []).filter((label) => DONE_LABEL.test(label)),
  });
}

/** A lost race is told by who won it. */
async function explainLoss(ctx: TownContext, { bead }: HookRequest, error: unknown): Promise<unknown> {
  if (!(error instanceof GtError) || error.code !== 'bead.changed') return error;
  return heldNow(bead.id, await (await ctx.ledgers.of(bead.id)).get(bead.id), error);
}

function heldNow(id: string, now: Bead | undefined, cause?: GtError): RefusedError {
  const where =
    now?.assignee === undefined || now.assignee === '' ? (now?.status ?? 'deleted') : `on ${now.assignee}`;
  return new RefusedError({
    code: 'sling.held',
    message: `${id} is ${where}`,
    ...(cause === undefined ? {} : { cause }),
  });
}
