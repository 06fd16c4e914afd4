import { openConvoyOf } from '../../beads/forms/convoy-row.ts';
import type { TownContext } from '../../beads/context.ts';
import { slingContextOf } from '../../beads/forms/sling-context.ts';
import { scriptOf, slingTermsOf } from '../../beads/forms/sling-terms.ts';
import type { Bead, Ledger } from '../../beads/types.ts';
import type { WorkerName } from '../../core/names.ts';
import type { Rig } from '../../rig/registry.ts';
import { resolveRuntime } from '../../runtimes/resolve.ts';
import { readAttempts, NO_ATTEMPTS } from '../../town/attempts.ts';
import { readTownSettings } from '../../town/settings.ts';
import { readWanted } from '../../town/wanted.ts';
import { readCapacity } from '../read-capacity.ts';
import type { SlingFacts } from './facts.ts';
import { readHolder } from './holder.ts';
import { mergeTerms } from './options.ts';
import type { SlingOptions } from './options.ts';

export interface SlingSubject {
  readonly bead: Bead;
  readonly rig: Rig;
  readonly worker?: WorkerName | undefined;
  readonly options: SlingOptions;
}

/** F1: reads everything that decides about one bead. Changes nothing. */
export async function readSlingFacts(ctx: TownContext, subject: SlingSubject): Promise<SlingFacts> {
  const { bead, rig, worker, options } = subject;
  const ledger = await ctx.ledgers.open(rig.database);
  const [queued, holder, attempts, capacity, hq] = await Promise.all([
    slingContextOf(ledger, bead.id),
    readHolder(ctx, ledger, { bead, rig }),
    readBeadAttempts(ctx, bead),
    readCapacity(ctx, rig),
    ctx.ledgers.hq(),
  ]);
  const terms = mergeTerms(options, { queued, bead: slingTermsOf(bead) });
  return {
    bead,
    rig,
    worker,
    options,
    caller: ctx.actor,
    now: ctx.ports.clock.now(),
    ...(await readDoors(ctx, rig)),
    holder,
    blockers: await readBlockers(ledger, bead),
    attempts,
    queued,
    convoy: (await openConvoyOf(hq, bead.id))?.id,
    capacity,
    runtime: await resolveRuntime(ctx, { agent: terms.agent, role: 'polecat', rig: rig.name, worker }),
    script: scriptOf(bead),
  };
}

async function readBlockers(ledger: Ledger, bead: Bead): Promise<readonly string[]> {
  return bead.isBlocked ? ledger.openBlockers(bead.id) : [];
}

async function readBeadAttempts(ctx: TownContext, bead: Bead): Promise<SlingFacts['attempts']> {
  const [all, settings] = await Promise.all([readAttempts(ctx), readTownSettings(ctx)]);
  const { count } = all.get(bead.id) ?? NO_ATTEMPTS;
  return { count, limit: settings.get('operational.witness.max_bead_respawns') };
}

async function readDoors(ctx: TownContext, rig: Rig): Promise<Pick<SlingFacts, 'townDown' | 'rigParked'>> {
  const wanted = await readWanted(ctx);
  return { townDown: wanted.town === 'down', rigParked: wanted.rigs[rig.name] === 'down' };
}
