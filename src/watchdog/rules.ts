import type { TownContext } from '../beads/context.ts';
import { emitEvent } from '../town/events.ts';
import { readTownSettings } from '../town/settings.ts';
import type { TownSettings } from '../town/settings.ts';
import type { TownFacts } from './gather.ts';
import { MASS_DEATH_HOLD_MS, findMassDeath, rememberMassDeath } from './mass-death.ts';
import type { MassDeath } from './mass-death.ts';
import type { MassDeathMemory } from './memory.ts';
import type { WorkerRules } from './plan-worker.ts';
import type { WorkerFacts } from './worker-facts.ts';

/** The rules of this pass: settings, and what all workers together tell. Announces a new mass death once. */
export async function readRules(
  ctx: TownContext,
  town: TownFacts,
  workers: readonly WorkerFacts[],
): Promise<{ readonly rules: WorkerRules; readonly massDeath: MassDeathMemory | undefined }> {
  const settings = await readTownSettings(ctx);
  const windowMs = settings.get('operational.daemon.mass_death_window');
  const threshold = settings.get('operational.daemon.mass_death_threshold');
  const death = findMassDeath(workers, { windowMs, threshold });
  const before = town.memory.massDeath;
  const massDeath = rememberMassDeath(before, death);
  if (death !== undefined && massDeath?.announced !== before?.announced) await announce(ctx, death, windowMs);
  return {
    massDeath,
    rules: {
      ...baseRules(settings, town.now),
      massDeath:
        death === undefined
          ? undefined
          : {
              until: death.at + MASS_DEATH_HOLD_MS,
              sessions: death.sessions,
              isForgiven: massDeath?.forgiven === death.at,
            },
    },
  };
}

/** The rules without what only all workers together tell. */
export function baseRules(settings: TownSettings, now: number): WorkerRules {
  return {
    now,
    maxAttempts: settings.get('operational.witness.max_bead_respawns'),
    backoff: {
      initialMs: settings.get('restart.initial_backoff'),
      maxMs: settings.get('restart.max_backoff'),
    },
    idleSessionMs: settings.get('operational.daemon.polecat_idle_session_timeout'),
    massDeath: undefined,
  };
}

async function announce(ctx: TownContext, death: MassDeath, windowMs: number): Promise<void> {
  await emitEvent(ctx, {
    type: 'mass_death',
    payload: {
      count: death.sessions.size,
      window: `${windowMs / 1000}s`,
      sessions: [...death.sessions],
      possible_cause: 'tmux server, memory, disk or a reboot',
    },
    visibility: 'both',
    actor: 'daemon',
  });
}
