import { AGENT_BEADS, agentRowsOf } from '../beads/forms/agent-row.ts';
import type { AgentRow } from '../beads/forms/agent-row.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead, BeadFilter } from '../beads/types.ts';
import { formatAddress, sessionOf } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { NotFoundError } from '../core/errors.ts';
import { factOf, known } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import { isOldWorkerName, isWorkerName, readWorkerName } from '../core/names.ts';
import type { SessionName, WorkerName } from '../core/names.ts';
import { nearestHint } from '../core/nearest.ts';
import { ALL_WORK, NO_WORK, workByAgent } from '../hooks/held-work.ts';
import type { AgentWork } from '../hooks/held-work.ts';
import type { PaneObservation } from '../ports/panes.ts';
import type { Rig } from '../rig/registry.ts';
import { agentWanted, readWanted } from '../town/wanted.ts';
import type { Wanted } from '../town/wanted.ts';
import { lookAtSession } from './session-fact.ts';
import { listWord, polecatState } from './state.ts';
import type { PolecatVerdict } from './state.ts';

/** One polecat as people and scripts see it. */
export interface PolecatView {
  readonly rig: string;
  readonly name: WorkerName;
  readonly verdict: PolecatVerdict;
  /** The word of the Go gt: idle, working, done, stuck, stalled, zombie. */
  readonly word: string;
  readonly row: AgentRow | undefined;
  readonly work: AgentWork;
  readonly session: SessionName;
  readonly seen: PaneObservation;
  readonly hasFolder: boolean;
}

interface RigFacts {
  readonly workers: Fact<Workers>;
  readonly folders: Fact<ReadonlySet<string>>;
  readonly wanted: Fact<Wanted>;
}

/**
 * Every polecat of a rig with its state and why (spec 11 C): those with a row, a folder or a session. A ledger that
 * cannot be read makes them `unknown`, it does not hide them.
 */
export async function listPolecats(ctx: TownContext, rig: Rig): Promise<readonly PolecatView[]> {
  return (await readPolecats(ctx, rig, [])).polecats;
}

/** The same, with the work of every agent and other lists of the rig's ledger, from the same two queries. */
export async function readPolecats(
  ctx: TownContext,
  rig: Rig,
  filters: readonly BeadFilter[],
): Promise<{
  readonly polecats: readonly PolecatView[];
  /** By assignee id. */
  readonly work: ReadonlyMap<string, AgentWork>;
  readonly lists: Fact<readonly (readonly Bead[])[]>;
}> {
  const facts = await readRigFacts(ctx, rig, filters);
  const names = new Set([...namesOf(facts), ...(await sessionNames(ctx, rig))]);
  const views = [...names].sort(byName).map((name) => viewOf(ctx, { rig, name, facts }));
  return {
    polecats: await Promise.all(views),
    work: facts.workers.ok ? facts.workers.value.work : new Map(),
    lists: facts.workers.ok ? known(facts.workers.value.lists) : facts.workers,
  };
}

/** NotFoundError `polecat.not-found` with the nearest name. */
export async function polecatNamed(ctx: TownContext, rig: Rig, name: string): Promise<PolecatView> {
  const views = await listPolecats(ctx, rig);
  const found = views.find((view) => view.name === name);
  if (found !== undefined) return found;
  const names = views.map((view) => view.name);
  throw new NotFoundError({
    code: 'polecat.not-found',
    message: `rig ${rig.name} has no polecat '${name.slice(0, 60)}'`,
    hint: nearestHint(name, names, `Run: gt polecat list ${rig.name}`),
  });
}

async function readRigFacts(ctx: TownContext, rig: Rig, filters: readonly BeadFilter[]): Promise<RigFacts> {
  const [workers, folders, wanted] = await Promise.all([
    factOf(() => readWorkers(ctx, rig, filters)),
    factOf(async () => {
      const entries = (await ctx.ports.files.list(rig.paths.polecatsDir)) ?? [];
      return new Set(
        entries
          .filter((entry) => entry.kind === 'dir' && isOldWorkerName(entry.name))
          .map(({ name }) => name),
      );
    }),
    factOf(() => readWanted(ctx)),
  ]);
  return { workers, folders, wanted };
}

interface Workers {
  readonly rows: ReadonlyMap<string, AgentRow>;
  readonly work: ReadonlyMap<string, AgentWork>;
  readonly lists: readonly (readonly Bead[])[];
}

async function readWorkers(ctx: TownContext, rig: Rig, filters: readonly BeadFilter[]): Promise<Workers> {
  const ledger = await ctx.ledgers.open(rig.database);
  const [agents = [], requests = [], atWork = [], ...lists] = await ledger.lists([
    AGENT_BEADS,
    ...ALL_WORK,
    ...filters,
  ]);
  const rows = agentRowsOf(agents).flatMap((row) =>
    isOurs(row.address, rig) ? [[row.address.name, row] as const] : [],
  );
  return { rows: new Map(rows), work: workByAgent(requests, atWork), lists };
}

type PolecatAddress = Extract<AgentAddress, { role: 'polecat' | 'crew' }>;

function isOurs(address: AgentAddress, rig: Rig): address is PolecatAddress {
  return address.role === 'polecat' && address.rig === rig.name;
}

function namesOf({ workers, folders }: RigFacts): readonly WorkerName[] {
  const texts = [...(workers.ok ? workers.value.rows.keys() : []), ...(folders.ok ? folders.value : [])];
  return texts.map(readWorkerName);
}

/** A session that lives on without row or folder is found by its name. */
async function sessionNames(ctx: TownContext, rig: Rig): Promise<readonly WorkerName[]> {
  const sessions = await ctx.ports.panes.list();
  const names = sessions
    .filter((session) => session.startsWith(`${rig.prefix}-`))
    .map((session) => session.slice(rig.prefix.length + 1));
  // `<prefix>-crew-<name>` is somebody else's: only names without a dash.
  return names.filter(isWorkerName);
}

function byName(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

interface ViewRequest {
  readonly rig: Rig;
  readonly name: WorkerName;
  readonly facts: RigFacts;
}

async function viewOf(ctx: TownContext, { rig, name, facts }: ViewRequest): Promise<PolecatView> {
  const address = { role: 'polecat', rig: rig.name, name } as const;
  const session = sessionOf(address, rig.prefix);
  const { seen, fact: sessionFact } = await lookAtSession(ctx, session);
  const { workers } = facts;
  const row = workers.ok ? workers.value.rows.get(name) : undefined;
  const work = (workers.ok ? workers.value.work.get(formatAddress(address)) : undefined) ?? NO_WORK;
  const hasFolder = facts.folders.ok && facts.folders.value.has(name);
  const verdict = polecatState({
    row: workers.ok ? known(row) : workers,
    holds: workers.ok ? known(work.held.length > 0) : workers,
    session: sessionFact,
    directory: facts.folders.ok ? known(hasFolder) : facts.folders,
    wantedUp: facts.wanted.ok ? known(agentWanted(facts.wanted.value, address) === 'up') : facts.wanted,
    // The row changes with every start; nothing else tells when the last one was.
    spawnAgeMs: row === undefined ? 0 : Math.max(0, ctx.ports.clock.now() - Date.parse(row.bead.updatedAt)),
  });
  const word = listWord(verdict, row?.agentState ?? '');
  return { rig: rig.name, name, verdict, word, row, work, session, seen, hasFolder };
}
