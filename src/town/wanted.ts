import * as z from 'zod/mini';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import type { RigName } from '../core/names.ts';
import { RefusedError } from '../core/errors.ts';
import type { TownBase } from './base.ts';
import { corrupt, readJsonFile, updateJsonFile } from './json-file.ts';
import type { JsonObject } from './json-file.ts';
import { describeIssue } from './town-file.ts';

export type WantedState = 'up' | 'down';

/** A rig that no work is given to: parked on this machine, or docked on all that share its beads. */
export type RigClosed = 'parked' | 'docked';

/** daemon/wanted.json: what people asked for. Everything that starts something reads it first (P10). */
export interface Wanted {
  readonly town: WantedState;
  /** Whom `down` leaves running: people go on in their own clones. */
  readonly spares: 'crew' | undefined;
  /** RFC 3339; '' when nobody has asked yet. */
  readonly since: string;
  readonly by: string;
  /** Rigs and agents that differ from the rule (rigs up, agents up while they hold work). */
  readonly rigs: Readonly<Record<string, WantedState>>;
  /** What is said elsewhere (label of the rig's bead, town settings), as last read; what `rigs` says here counts first. */
  readonly closed: Readonly<Record<string, RigClosed>>;
  /** By assignee id, `r/polecats/n`. */
  readonly agents: Readonly<Record<string, WantedState>>;
}

const state = z.enum(['up', 'down']);
const wantedSchema = z.object({
  town: z.optional(state),
  spares: z.optional(z.literal('crew')),
  since: z.optional(z.string()),
  by: z.optional(z.string()),
  rigs: z.optional(z.record(z.string(), state)),
  closed: z.optional(z.record(z.string(), z.enum(['parked', 'docked']))),
  agents: z.optional(z.record(z.string(), state)),
});

/** A missing file = up, nobody asked. UnreadableError `file.corrupt`: then nothing may be started. */
export async function readWanted(town: Pick<TownBase, 'paths' | 'ports'>): Promise<Wanted> {
  const path = town.paths.wantedFile;
  return parseWanted((await readJsonFile(town.ports.files, path)) ?? {}, path);
}

function parseWanted(doc: JsonObject, path: string): Wanted {
  const parsed = wantedSchema.safeParse(doc);
  if (!parsed.success) throw corrupt(path, parsed.error.issues.map(describeIssue).join('; '));
  const { town = 'up', spares, since = '', by = '', rigs = {}, closed = {}, agents = {} } = parsed.data;
  return { town, spares, since, by, rigs, closed, agents };
}

/** The town's own wanted state; agents that were stopped one by one stay so. */
export function setTownWanted(
  town: TownBase,
  wanted: WantedState,
  { spares }: { readonly spares?: 'crew' | undefined } = {},
): Promise<Wanted> {
  return changeWanted(town, (doc) => ({
    ...Object.fromEntries(Object.entries(doc).filter(([key]) => key !== 'spares')),
    town: wanted,
    ...(spares === undefined ? {} : { spares }),
    since: new Date(town.ports.clock.now()).toISOString(),
    by: formatAddress(town.actor),
  }));
}

export function setRigWanted(town: TownBase, rig: string, wanted: WantedState | undefined): Promise<Wanted> {
  return changeWanted(town, (doc) => ({ ...doc, rigs: withEntry(doc['rigs'], rig, wanted) }));
}

/** A rig that is gone leaves nothing behind that would count for the next one of its name. */
export function forgetRigWanted(town: TownBase, rig: string): Promise<Wanted> {
  return changeWanted(town, (doc) => ({
    ...doc,
    rigs: withEntry(doc['rigs'], rig, undefined),
    closed: withEntry(doc['closed'], rig, undefined),
    agents: Object.fromEntries(
      Object.entries(withEntry(doc['agents'], '', undefined)).filter(
        ([agent]) => !agent.startsWith(`${rig}/`),
      ),
    ),
  }));
}

/** What is said of rigs elsewhere, anew; undefined = nothing. */
export function setRigsClosed(
  town: TownBase,
  closed: ReadonlyMap<string, RigClosed | undefined>,
): Promise<Wanted> {
  return changeWanted(town, (doc) => ({
    ...doc,
    closed: [...closed].reduce<unknown>((all, [rig, how]) => withEntry(all, rig, how), doc['closed']),
  }));
}

/** undefined = back to the rule: up while it holds work. */
export function setAgentWanted(
  town: TownBase,
  agent: AgentAddress,
  wanted: WantedState | undefined,
): Promise<Wanted> {
  return changeWanted(town, (doc) => ({
    ...doc,
    agents: withEntry(doc['agents'], formatAddress(agent), wanted),
  }));
}

/** New work for somebody who was stopped is the wish that it runs. */
export async function wantAgent(town: TownBase, agent: AgentAddress): Promise<void> {
  const { agents } = await readWanted(town);
  if (agents[formatAddress(agent)] === 'down') await setAgentWanted(town, agent, undefined);
}

/** May an agent that holds work run now? Town, then rig, then agent. */
export function agentWanted(wanted: Wanted, agent: AgentAddress): WantedState {
  if (wanted.town === 'down') return 'down';
  if ('rig' in agent && rigClosed(wanted, agent.rig) !== undefined) return 'down';
  return wanted.agents[formatAddress(agent)] ?? 'up';
}

/**
 * Whoever starts an agent asks this first: nothing is started that the next look of the daemon would stop again (P10).
 * RefusedError `town.down`, `rig.parked`.
 */
export async function refuseUnwanted(
  town: Pick<TownBase, 'paths' | 'ports'>,
  agent: AgentAddress,
): Promise<Wanted> {
  const wanted = await readWanted(town);
  if (wanted.town === 'down') {
    const by = wanted.by === '' ? '' : ` by ${wanted.by}`;
    throw new RefusedError({
      code: 'town.down',
      message: `the town was taken down${by}`,
      hint: 'Run: gt up',
    });
  }
  const closed = 'rig' in agent ? rigClosed(wanted, agent.rig) : undefined;
  if (!('rig' in agent) || closed === undefined) return wanted;
  throw new RefusedError({
    code: 'rig.parked',
    message: `rig ${agent.rig} is ${closed}`,
    hint: `Run: ${openCommand(agent.rig, closed)}`,
  });
}

/** Whether work is kept from a rig, and how. */
export function rigClosed(wanted: Pick<Wanted, 'rigs' | 'closed'>, rig: string): RigClosed | undefined {
  const here = wanted.rigs[rig];
  if (here === undefined) return wanted.closed[rig];
  return here === 'down' ? 'parked' : undefined;
}

/** Opens a closed rig again. */
export function openCommand(rig: string, closed: RigClosed): string {
  return `gt rig ${closed === 'parked' ? 'unpark' : 'undock'} ${rig}`;
}

/** May the merge engine of a rig run? It is switched off by its agent's address: `gt refinery stop`. */
export function refineryWanted(wanted: Wanted, rig: RigName): boolean {
  return agentWanted(wanted, { role: 'refinery', rig }) === 'up';
}

async function changeWanted(town: TownBase, change: (doc: JsonObject) => JsonObject): Promise<Wanted> {
  const { wantedFile } = town.paths;
  const doc = await updateJsonFile(
    town,
    { path: wantedFile, lock: 'config', initial: { version: 1, town: 'up' } },
    change,
  );
  return parseWanted(doc, wantedFile);
}

function withEntry(raw: unknown, name: string, value: string | undefined): JsonObject {
  const entries = Object.entries(typeof raw === 'object' && raw !== null ? raw : {});
  const kept = entries.filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? kept : [...kept, [name, value]]);
}
