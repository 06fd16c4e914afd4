import { openConvoyOf } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { slingContextOf } from '../../beads/forms/sling-context.ts';
import { scriptOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import { sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { NotFoundError } from '../../core/errors.ts';
import { attachedByPerson, bondedWisps } from '../../formulas/molecule/attach.ts';
import { agentPlace } from '../../rig/agent-place.ts';
import { readRigProperties } from '../../rig/properties.ts';
import { closedBy } from '../../rig/status.ts';
import type { RigProperties } from '../../rig/properties.ts';
import { rigNamed } from '../../rig/registry.ts';
import type { Rig } from '../../rig/registry.ts';
import { accountEnv } from '../../runtimes/accounts.ts';
import { resolveRuntime } from '../../runtimes/resolve.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import { readAttempts, NO_ATTEMPTS } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { readWanted } from '../../town/wanted.ts';
import type { Recipient } from '../dispatch/dispatch.ts';
import { readCapacity } from '../read-capacity.ts';
import { defaultFormula, formulaCalled } from './choose-formula.ts';
import { epicBranchOf } from './epic-branch.ts';
import type { SlingFacts } from './facts.ts';
import { readHolder } from './holder.ts';
import { readHookBeside } from './make-room.ts';
import { SCRIPT_AGENT, mergeTerms } from './options.ts';
import type { SlingOptions } from './options.ts';

export interface SlingSubject {
  readonly bead: Bead;
  readonly to: Recipient;
  readonly options: SlingOptions;
}

/** F1: reads everything that decides about one bead. Changes nothing. */
export async function readSlingFacts(ctx: TownContext, subject: SlingSubject): Promise<SlingFacts> {
  const { bead, to, options } = subject;
  const [ledger, rig] = await Promise.all([ctx.ledgers.of(bead.id), rigOf(ctx, to)]);
  const [queued, holder, attempts, capacity, doors, blockers, convoy, onHook, epicBranch] = await Promise.all(
    [
      slingContextOf(ledger, bead.id),
      readHolder(ctx, ledger, bead),
      readBeadAttempts(ctx, bead),
      to.kind === 'worker' ? readCapacity(ctx, to.rig) : ({ free: true } as const),
      readDoors(ctx, rig),
      readBlockers(ledger, bead),
      ctx.ledgers.hq().then((hq) => openConvoyOf(hq, bead.id)),
      to.kind === 'standing' ? readHookBeside(ctx, to.address, bead.id) : { others: [], finished: [] },
      to.kind === 'worker' ? epicBranchOf(ctx, ledger, { bead, rig: to.rig }) : undefined,
    ],
  );
  const { properties, ...open } = doors;
  const molecule = attachedByPerson(bead);
  const earlier = { queued, bead: slingTermsOf(bead), epicBranch, formula: undefined };
  const runtime = await readRuntime(ctx, { to, rig, options, agent: mergeTerms(options, earlier).agent });
  return {
    bead,
    to,
    rig,
    options,
    caller: ctx.actor,
    now: ctx.ports.clock.now(),
    ...open,
    holder,
    ...blockers,
    attempts,
    queued,
    convoy: convoy?.id,
    capacity,
    runtime,
    script: scriptOf(bead),
    formula: await readFormula(ctx, subject, { rig, properties, queued, runtime, molecule }),
    epicBranch,
    molecule,
    ...onHook,
  };
}

async function rigOf(ctx: TownContext, to: Recipient): Promise<Rig | undefined> {
  if (to.kind === 'worker') return to.rig;
  return to.kind === 'standing' && 'rig' in to.address ? rigNamed(ctx, to.address.rig) : undefined;
}

async function readBlockers(ledger: Ledger, bead: Bead): Promise<Pick<SlingFacts, 'blockers' | 'oldWisps'>> {
  if (!bead.isBlocked) return { blockers: [], oldWisps: [] };
  const blockers = await ledger.openBlockers(bead.id);
  const oldWisps = await bondedWisps(ledger, blockers);
  return { blockers: blockers.filter((id) => !oldWisps.includes(id)), oldWisps };
}

async function readBeadAttempts(ctx: TownContext, bead: Bead): Promise<SlingFacts['attempts']> {
  const [all, settings] = await Promise.all([readAttempts(ctx), readTownSettings(ctx)]);
  const { count } = all.get(bead.id) ?? NO_ATTEMPTS;
  return { count, limit: settings.get('operational.witness.max_bead_respawns') };
}

interface Doors extends Pick<SlingFacts, 'townDown' | 'rigClosed'> {
  readonly properties: RigProperties | undefined;
}

/** Parked and docked are what people asked for, by command here or on another machine a moment ago. */
async function readDoors(ctx: TownContext, rig: Rig | undefined): Promise<Doors> {
  const wanted = await readWanted(ctx);
  const properties = rig === undefined ? undefined : await readRigProperties(ctx, rig);
  const status = properties?.get('status');
  return { townDown: wanted.town === 'down', rigClosed: closedBy(status), properties };
}

interface RuntimeFacts {
  readonly to: Recipient;
  readonly rig: Rig | undefined;
  readonly options: SlingOptions;
  readonly agent: string | undefined;
}

/** Of the session that the bead needs: none for a person, or for an agent that is up. */
async function readRuntime(ctx: TownContext, facts: RuntimeFacts): Promise<RuntimeRecord | undefined> {
  const { to, rig, options, agent } = facts;
  if (to.kind === 'standing' && (to.address.role === 'overseer' || (await isUp(ctx, to.address))))
    return undefined;
  const role = to.kind === 'standing' ? to.address.role : to.kind === 'dog' ? 'dog' : 'polecat';
  const worker = to.kind !== 'standing' ? to.named : 'name' in to.address ? to.address.name : undefined;
  const runtime = await resolveRuntime(ctx, { agent, role, rig: rig?.name, worker });
  await accountEnv(ctx, runtime, options.account);
  return runtime;
}

async function isUp(ctx: TownContext, address: AgentAddress): Promise<boolean> {
  const { prefix } = await agentPlace(ctx, address);
  return (await ctx.ports.panes.observe(sessionOf(address, prefix))).kind === 'live';
}

interface FormulaFacts extends Pick<SlingFacts, 'rig' | 'queued' | 'runtime' | 'molecule'> {
  readonly properties: RigProperties | undefined;
}

/** NotFoundError `formula.not-found` for one that was asked for. */
async function readFormula(
  ctx: TownContext,
  { options, to }: SlingSubject,
  { rig, properties, queued, runtime, molecule }: FormulaFacts,
): Promise<string | undefined> {
  const { formula, rawBead, script } = options;
  if (rawBead === true || script !== undefined || runtime?.name === SCRIPT_AGENT) return undefined;
  if (formula !== undefined) {
    const found = await formulaCalled(ctx, rig, formula);
    if (found !== undefined) return found;
    throw new NotFoundError({
      code: 'formula.not-found',
      message: `there is no formula ${JSON.stringify(formula.slice(0, 80))}`,
      hint: 'Run: bd formula list',
    });
  }
  if (queued !== undefined) return queued.formula;
  return to.kind === 'worker' && molecule === undefined ? defaultFormula(ctx, to.rig, properties) : undefined;
}
