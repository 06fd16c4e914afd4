import type { TownContext } from '../beads/context.ts';
import { GtError } from '../core/errors.ts';
import { heldEverywhere } from '../hooks/find-hooked.ts';
import { startPrompt } from '../hooks/start-prompt.ts';
import { listCrewFolders } from '../rig/crew-folders.ts';
import { resolveRuntime } from '../runtimes/resolve.ts';
import { lastTerms } from '../sessions/last-conversation.ts';
import { startAgent } from '../sessions/start-agent.ts';
import type { AgentStart } from '../sessions/start-agent.ts';
import { lockSession } from '../sessions/start.ts';
import { ORDERLY_MS, mustStop } from '../sessions/stop.ts';
import { refuseUnwanted } from '../town/wanted.ts';
import { addCrew } from './add.ts';
import type { CrewPlace } from '../rig/crew-place.ts';
import { settleClone } from './settle.ts';

export interface CrewStart {
  /** `--agent`. */
  readonly agent?: string | undefined;
  /** `--account`. */
  readonly account?: string | undefined;
  readonly resume?: AgentStart['resume'];
  /** A session that lives is ended and started anew. */
  readonly fresh?: boolean | undefined;
  /** What it is told first; default: the bead on its hook, else nothing, and it waits for its person. */
  readonly prompt?: string | undefined;
}

/** What became of one workspace. */
export type CrewOutcome =
  | {
      readonly kind: 'started';
      readonly place: CrewPlace;
      readonly made: boolean;
      /** Whether it goes on in an earlier conversation; undefined = that was not asked for. */
      readonly resumed: boolean | undefined;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'running'; readonly place: CrewPlace }
  | { readonly kind: 'failed'; readonly place: CrewPlace; readonly error: GtError };

/** Started side by side: each costs a clone perhaps, and the start of a runtime. */
const AT_ONCE = 4;

/** Starts each, making workspaces that are missing; one that fails does not keep the others. */
export async function startEach(
  ctx: TownContext,
  places: readonly CrewPlace[],
  start: CrewStart,
): Promise<readonly CrewOutcome[]> {
  const outcomes: CrewOutcome[] = [];
  for (let index = 0; index < places.length; index += AT_ONCE) {
    const batch = places.slice(index, index + AT_ONCE).map((place) => tryStart(ctx, place, start));
    outcomes.push(...(await Promise.all(batch)));
  }
  return outcomes;
}

async function tryStart(ctx: TownContext, place: CrewPlace, start: CrewStart): Promise<CrewOutcome> {
  try {
    return await startCrew(ctx, place, start);
  } catch (error) {
    if (error instanceof GtError) return { kind: 'failed', place, error };
    throw error;
  }
}

/**
 * The session of a workspace, which is made when it is missing; one that lives is left alone unless `fresh`.
 * RefusedError `town.down`, `rig.parked`, and what `addCrew` and `startAgent` throw.
 */
export async function startCrew(ctx: TownContext, place: CrewPlace, start: CrewStart): Promise<CrewOutcome> {
  const { address, rig, name, session } = place;
  // One that lives is only looked at, also where the town was taken down around it.
  const seen = await ctx.ports.panes.observe(session);
  if (seen.kind === 'live' && start.fresh !== true) return { kind: 'running', place };
  await refuseUnwanted(ctx, address);
  const folders = await listCrewFolders(ctx, rig);
  const made = !folders.some((folder) => folder.name === name && folder.kind === 'clone');
  // Before a clone is made for an agent that could not start.
  if (made) await resolveRuntime(ctx, { agent: start.agent, role: 'crew', rig: rig.name, worker: name });
  const warnings = made
    ? (await addCrew(ctx, place, { branch: 'default' })).warnings
    : await settleClone(ctx, place, { fresh: false });
  const prompt = start.prompt ?? (await workPrompt(ctx, place));
  // What goes on is the agent that it was, under the login that it had.
  const goesOn = (start.fresh === true || start.resume !== undefined) && start.agent === undefined;
  const { agent, account } = goesOn ? lastTerms(seen) : start;
  const terms = { agent, account: start.account ?? account };
  const started = await startAgent(ctx, { ...start, ...terms, address, prompt });
  if (started.how === 'already') return { kind: 'running', place };
  const resumed = start.resume === undefined ? undefined : started.resumed;
  return { kind: 'started', place, made, resumed, warnings };
}

/** Work on the hook begins at once; without any the agent waits, and costs nothing (P3). */
async function workPrompt(ctx: TownContext, { address }: CrewPlace): Promise<string | undefined> {
  const [bead] = (await heldEverywhere(ctx, address)).held;
  if (bead === undefined) return undefined;
  const now = ctx.ports.clock.now();
  return startPrompt({ agent: address, sender: ctx.actor, now, topic: 'assigned', bead });
}

/** False = there was nothing to stop. UnavailableError `session.will-not-stop`. */
export async function stopCrew(
  ctx: TownContext,
  { session }: CrewPlace,
  { force }: { readonly force: boolean },
): Promise<boolean> {
  await using _lock = await lockSession(ctx, session);
  const { kind } = await ctx.ports.panes.observe(session);
  if (kind === 'none' || kind === 'exited' || kind === 'gone') return false;
  await mustStop(ctx, session, { waitMs: force ? 0 : ORDERLY_MS });
  return true;
}
