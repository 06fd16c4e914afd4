import {
  MR_LABEL,
  isLive,
  isMergeRequest,
  isOfRig,
  parseMergeRequest,
} from '../../beads/forms/merge-request.ts';
import type { MergeRequest } from '../../beads/forms/merge-request.ts';
import type { TownContext } from '../../beads/context.ts';
import { SLING_CONTEXT_LABEL, parseSlingContext } from '../../beads/forms/sling-context.ts';
import type { Bead, BeadFilter } from '../../beads/types.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { AgentWork } from '../../hooks/held-work.ts';
import { readPolecats } from '../../polecat/list.ts';
import { LANE_LABEL } from '../../refinery/lane.ts';
import { isLane, readLane } from '../../refinery/lane-store.ts';
import { standingReason } from '../../refinery/survey.ts';
import { rigClosed } from '../../town/wanted.ts';
import { listCrewFolders } from '../../rig/crew-folders.ts';
import type { Rig } from '../../rig/registry.ts';
import type { EngineView } from '../engine-loop.ts';
import { workersOf } from '../gather.ts';
import type { TownFacts } from '../gather.ts';
import { planWorker } from '../plan-worker.ts';
import type { WorkerRules } from '../plan-worker.ts';
import { viewPolecat, viewStanding } from './agent-view.ts';
import type { ViewRules } from './agent-view.ts';
import type { AgentView, MergeView, QueueLine, RigView } from './types.ts';

type WorkByAgent = ReadonlyMap<string, AgentWork>;

export const ESCALATION_LABEL = 'gt:escalation';

export interface RigViewFacts {
  readonly town: TownFacts;
  readonly rules: WorkerRules & ViewRules;
  readonly engine: EngineView | undefined;
}

/** A rig with its alerts: those need a person, whatever else is shown. */
export interface ReadRigView {
  readonly view: RigView;
  readonly escalations: readonly Bead[];
}

/** Beads that stand for something: requests, lanes, queued slings, alerts. */
const MARKED: BeadFilter = {
  anyLabel: [MR_LABEL, LANE_LABEL, SLING_CONTEXT_LABEL, ESCALATION_LABEL],
  notStatus: ['closed'],
};
const BLOCKED: BeadFilter = { status: ['blocked'], tables: ['issues'] };

/** Everything shown of one rig: three statements, however many beads and agents it has (P16). */
export async function readRigView(ctx: TownContext, rig: Rig, facts: RigViewFacts): Promise<ReadRigView> {
  const { polecats, work, lists } = await readPolecats(ctx, rig, [MARKED, BLOCKED]);
  if (!lists.ok) throw new UnavailableError({ code: 'store.unavailable', message: lists.why });
  const [marked = [], blocked = []] = lists.value;
  const views = polecats.filter(({ verdict }) => verdict.state !== 'nuked');
  const workers = await workersOf(ctx, rig, { views, town: facts.town });
  const view: RigView = {
    name: rig.name,
    prefix: rig.prefix,
    closed: rigClosed(facts.town.wanted, rig.name),
    error: undefined,
    polecats: workers.map(({ view: polecat, ...worker }) =>
      viewPolecat(polecat, planWorker(worker, facts.rules), facts.rules),
    ),
    crew: await readCrew(ctx, rig, work),
    witness: await readStanding(ctx, rig, { role: 'witness', work }),
    refinery: await readStanding(ctx, rig, { role: 'refinery', work }),
    merge: mergeView(rig, marked, facts.engine),
    queue: marked.flatMap(queueLine),
    blocked: blocked.map(({ id, title }) => ({ id, title })),
  };
  const escalations = marked.filter((bead) => bead.labels.includes(ESCALATION_LABEL));
  return { view, escalations };
}

function mergeView(rig: Rig, marked: readonly Bead[], engine: EngineView | undefined): MergeView {
  const requests = marked
    .filter(isMergeRequest)
    .map(parseMergeRequest)
    .filter((mr) => isOfRig(mr, rig.name) && isLive(mr));
  const lanes = marked.filter(isLane).map(readLane);
  const order = new Map(lanes.flatMap(({ chain }) => chain.map((link, index) => [String(link.mr), index])));
  const place = (mr: MergeRequest): number => order.get(mr.id) ?? Infinity;
  return {
    requests: requests
      .sort((a, b) => place(a) - place(b) || a.bead.priority - b.bead.priority || (a.id < b.id ? -1 : 1))
      .map((mr) => ({
        id: mr.id,
        phase: mr.phase,
        issue: mr.sourceIssue,
        title: mr.bead.title,
        worker: mr.worker,
        why: standingReason(mr) ?? mr.evidence?.summary ?? '',
        conflict: mr.bead.isBlocked ? mr.conflictTaskId : undefined,
      })),
    paused: lanes.map(({ paused }) => paused?.why).find((why) => why !== undefined),
    engine: engine?.state ?? 'off',
    waiting: engine?.waiting ?? [],
  };
}

function queueLine(bead: Bead): readonly QueueLine[] {
  if (!bead.labels.includes(SLING_CONTEXT_LABEL)) return [];
  const context = parseSlingContext(bead);
  if (context === undefined) return [];
  return [
    {
      bead: context.workBead,
      title: bead.title.replace(/^sling-context: /, ''),
      enqueuedAt: context.enqueuedAt,
      failures: context.dispatchFailures,
    },
  ];
}

/** A rig agent is shown only while it has a session: by default its duties are code. */
async function readStanding(
  ctx: TownContext,
  rig: Rig,
  { role, work }: { readonly role: 'witness' | 'refinery'; readonly work: WorkByAgent },
): Promise<AgentView | undefined> {
  const address: AgentAddress = { role, rig: rig.name };
  const seen = await ctx.ports.panes.observe(sessionOf(address, rig.prefix));
  if (seen.kind === 'none') return undefined;
  return { ...viewStanding(address, rig.prefix, { seen, work: work.get(formatAddress(address)) }), role };
}

async function readCrew(ctx: TownContext, rig: Rig, work: WorkByAgent): Promise<readonly AgentView[]> {
  const folders = (await listCrewFolders(ctx, rig)).filter(({ kind }) => kind === 'clone');
  return Promise.all(
    folders.map(async ({ name }) => {
      const address: AgentAddress = { role: 'crew', rig: rig.name, name };
      const seen = await ctx.ports.panes.observe(sessionOf(address, rig.prefix));
      const facts = { seen, work: work.get(formatAddress(address)) };
      return { ...viewStanding(address, rig.prefix, facts), role: 'crew' as const };
    }),
  );
}
