import { readAgentRow, writeAgentRow } from '../../beads/forms/agent-row.ts';
import { writeAttachment } from '../../beads/forms/attachment.ts';
import type { TownContext } from '../../beads/context.ts';
import { closeSlingContexts } from '../../beads/forms/sling-context.ts';
import type { SlingTerms } from '../../beads/forms/sling-context.ts';
import {
  DISPATCH_KEY,
  RUNTIME_KEY,
  SCRIPT_KEY,
  attachmentOf,
  dispatchOf,
} from '../../beads/forms/sling-terms.ts';
import type { ScriptOrder } from '../../beads/forms/sling-terms.ts';
import type { Bead, LedgerTx } from '../../beads/types.ts';
import { formatAddress } from '../../core/address.ts';
import { BugError, GtError, RefusedError } from '../../core/errors.ts';
import type { WorkerName } from '../../core/names.ts';
import { makeUlid } from '../../core/ulid.ts';
import { attachFormula } from '../../formulas/molecule/attach.ts';
import { blueprintOf } from '../../formulas/molecule/blueprint.ts';
import type { Blueprint } from '../../formulas/molecule/blueprint.ts';
import type { IdSource } from '../../formulas/molecule/instantiate.ts';
import { cookForBead } from '../../hooks/formula-work.ts';
import { readAgentWork } from '../../hooks/held-work.ts';
import type { Rig } from '../../rig/registry.ts';
import { branchName } from '../branch.ts';
import { priorBranchOf, readDispatch } from './dispatch.ts';
import type { Dispatch } from './dispatch.ts';

export interface HookRequest {
  readonly rig: Rig;
  /** As it was when sling decided; the guard of the transaction. */
  readonly bead: Bead;
  readonly worker: WorkerName;
  readonly terms: SlingTerms;
  /** Runtime name, written down so that a later try takes the same. */
  readonly runtime: string;
  readonly script?: ScriptOrder | undefined;
}

/** Labels of an unfinished `gt done` of an earlier spawn. */
const DONE_LABEL = /^done-(?:intent|cp):/;

/**
 * F3, the one transaction that makes a bead somebody's: status, assignee, attachment, agent row with the next
 * spawn number, queue row closed. RefusedError `sling.held` naming the winner when another sling was faster.
 */
export async function hookBead(ctx: TownContext, request: HookRequest): Promise<Dispatch> {
  const { rig, bead } = request;
  const now = ctx.ports.clock.now();
  // Chosen outside: the closure may run again and must write the same values.
  const token = makeUlid(now, ctx.ports.random.bytes(10));
  const branch = priorBranchOf(request.terms) ?? branchName(request.worker, bead.id, now);
  const ledger = await ctx.ledgers.open(rig.database);
  const by = formatAddress(ctx.actor);
  const cooked = await cookForBead(ctx, request);
  const blueprint = cooked === undefined ? undefined : blueprintOf(cooked);
  const source = ctx.ports;
  try {
    await ledger.transaction(by, (tx) =>
      writeHook(tx, { ...request, token, branch, by, now, formula: { blueprint, source } }),
    );
  } catch (error) {
    throw await explainLoss(ctx, request, error);
  }
  const hooked = await ledger.get(bead.id);
  const dispatch = hooked === undefined ? undefined : await readDispatch(ledger, rig, hooked);
  if (dispatch === undefined) {
    throw new BugError({
      code: 'bug.dispatch-unreadable',
      message: `${bead.id} was hooked and cannot be read back`,
    });
  }
  return dispatch;
}

interface HookWrite extends HookRequest {
  readonly token: string;
  readonly branch: string;
  readonly by: string;
  /** Unix ms. */
  readonly now: number;
  readonly formula: { readonly blueprint: Blueprint | undefined; readonly source: IdSource };
}

async function writeHook(tx: LedgerTx, write: HookWrite): Promise<void> {
  const { rig, bead, worker, terms, token, runtime, script } = write;
  const address = { role: 'polecat', rig: rig.name, name: worker } as const;
  const [held] = (await readAgentWork(tx, address)).held.filter((other) => other.id !== bead.id);
  if (held !== undefined) {
    throw new RefusedError({ code: 'polecat.busy', message: `polecat ${worker} has ${held.id}` });
  }
  const at = new Date(write.now).toISOString();
  // The text as it is now: only status, assignee and token decide the race, a new comment or edit must not be lost.
  const { description } = (await tx.get(bead.id)) ?? bead;
  const attached = await attachFormula(tx, { id: bead.id, description }, write.formula);
  await tx.update(
    bead.id,
    {
      status: 'hooked',
      assignee: formatAddress(address),
      description: writeAttachment(description, {
        ...attachmentOf(terms, { at, by: write.by }),
        ...attached,
      }),
      metadata: {
        [DISPATCH_KEY]: token,
        [RUNTIME_KEY]: runtime,
        ...(script === undefined ? {} : { [SCRIPT_KEY]: script }),
      },
    },
    // The token is a cell every contender writes with another value: two winners cannot both commit.
    { status: bead.status, assignee: bead.assignee, metadata: { [DISPATCH_KEY]: dispatchOf(bead) ?? null } },
  );
  const row = await readAgentRow(tx, address, rig.prefix);
  await writeAgentRow(tx, address, rig.prefix, {
    agentState: 'spawning',
    spawn: (row?.spawn ?? 0) + 1,
    hookBead: bead.id,
    branch: write.branch,
    activeMr: null,
    exitType: null,
    completionTime: null,
    cleanupStatus: null,
    removeLabels: (row?.labels ?? []).filter((label) => DONE_LABEL.test(label)),
  });
  await closeSlingContexts(tx, bead.id, 'dispatched');
}

/** A lost race is told by who won it. */
async function explainLoss(ctx: TownContext, request: HookRequest, error: unknown): Promise<unknown> {
  if (!(error instanceof GtError) || error.code !== 'bead.changed') return error;
  const { rig, bead } = request;
  const now = await (await ctx.ledgers.open(rig.database)).get(bead.id);
  const where =
    now?.assignee === undefined || now.assignee === '' ? (now?.status ?? 'deleted') : `on ${now.assignee}`;
  return new RefusedError({ code: 'sling.held', message: `${bead.id} is ${where}`, cause: error });
}
