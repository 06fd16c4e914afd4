import type { TownContext } from '../beads/context.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { startupCrew } from '../crew/startup.ts';
import { startCrew } from '../crew/start.ts';
import { readRigs } from '../rig/registry.ts';
import type { Rig } from '../rig/registry.ts';
import { startRoleSession } from './roles/start.ts';
import { runUp, tryService } from './up.ts';
import type { UpService } from './up.ts';

export interface StartWishes {
  /** Runtime of the mayor. */
  readonly agent?: string | undefined;
  /** `startup`: also the crew that the rigs' settings name. */
  readonly crew: 'none' | 'startup';
}

/** `gt up`, and the agents that people talk to. What fails is in the list; the rest goes on. */
export async function startTown(ctx: TownContext, wishes: StartWishes): Promise<readonly UpService[]> {
  const services = await runUp(ctx);
  if (services.some(({ type, ok }) => type === 'store' && !ok)) return services;
  const mayor = await tryService({ name: 'mayor', type: 'agent' }, async () => {
    const { how, session } = await startRoleSession(ctx, { address: { role: 'mayor' }, agent: wishes.agent });
    return how === 'already' ? `runs already, session ${session}` : `started, session ${session}`;
  });
  const others = services.filter(({ type, name }) => type !== 'agent' || name !== 'mayor');
  return [...others, mayor, ...(wishes.crew === 'startup' ? await startCrewOfRigs(ctx) : [])];
}

async function startCrewOfRigs(ctx: TownContext): Promise<readonly UpService[]> {
  const { rigs } = await readRigs(ctx);
  return (await Promise.all(rigs.map((rig) => startCrewOf(ctx, rig)))).flat();
}

async function startCrewOf(ctx: TownContext, rig: Rig): Promise<readonly UpService[]> {
  const line = { type: 'agent', rig: rig.name } as const;
  try {
    const { places, missing } = await startupCrew(ctx, rig);
    const started = places.map((place) =>
      tryService({ ...line, name: `crew/${place.name}` }, async () => {
        const { kind } = await startCrew(ctx, place, {});
        return kind === 'running' ? 'runs already' : 'started';
      }),
    );
    const unknown = missing.map((name) => {
      const detail = `crew.startup names it, and there is no such workspace: gt crew add ${name} --rig ${rig.name}`;
      return { ...line, name: `crew/${name}`, ok: false, detail };
    });
    return [...(await Promise.all(started)), ...unknown];
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return [{ ...line, name: 'crew', ok: false, detail: messageOf(error) }];
  }
}
