import { mailOf } from './mail.ts';
import type { UnreadBoxes } from './mail.ts';
import type { AgentView, RigView, TownView } from './types.ts';

/**
 * The view as `gt status --json` prints it: the Go gt's keys (spec 07 §1), with `attention`, `reasons`, `since`,
 * `store` and `sources` added.
 */
export function statusJson(view: TownView): Readonly<Record<string, unknown>> {
  const { overseer, daemon, store, tmux } = view;
  return {
    name: view.name,
    location: view.root,
    wanted: view.wanted,
    ...(overseer === undefined
      ? {}
      : {
          overseer: {
            ...withoutUndefined({ ...overseer }),
            unread_mail: mailOf(view.mail, 'overseer').count,
          },
        }),
    daemon: daemon.running ? { running: true, pid: daemon.pid } : { running: false },
    ...(store.kind === 'dolt' ? { dolt: doltJson(view) } : {}),
    store: withoutUndefined({
      kind: store.kind,
      location: store.location,
      ok: store.ok,
      error: store.error,
      databases: store.databases,
    }),
    tmux: { socket: tmux.socket, running: tmux.running, session_count: tmux.sessions },
    agents: view.agents.map((agent) => agentJson(agent, view.mail)),
    rigs: view.rigs.map((rig) => rigJson(rig, view.mail)),
    summary: summaryJson(view),
    attention: view.attention.map(({ kind, subject, reason, next }) => ({ kind, subject, reason, next })),
    sources: view.unavailable,
  };
}

function doltJson({ store }: TownView): unknown {
  const pid = store.server?.pid;
  return withoutUndefined({ running: store.ok, pid, port: store.server?.port ?? 0 });
}

function agentJson(agent: AgentView, mail: UnreadBoxes): Readonly<Record<string, unknown>> {
  const { count, subject } = mailOf(mail, agent.address);
  return withoutUndefined({
    name: agent.name,
    address: agent.address,
    session: agent.session,
    role: agent.role,
    running: agent.running,
    acp: false,
    has_work: agent.bead !== undefined,
    work_title: agent.title,
    hook_bead: agent.bead,
    state: agent.state,
    unread_mail: count,
    first_subject: count === 0 ? undefined : subject,
    agent_alias: agent.runtime,
    agent_info: agent.runtime,
    attached: agent.attached,
    reasons: agent.reasons,
    needs_person: agent.needsPerson,
    next: agent.next,
    since: agent.since === undefined ? undefined : new Date(agent.since).toISOString(),
  });
}

function rigJson(rig: RigView, mail: UnreadBoxes): Readonly<Record<string, unknown>> {
  const agents = rigAgents(rig);
  return withoutUndefined({
    name: rig.name,
    error: rig.error,
    parked: rig.closed !== undefined,
    closed: rig.closed,
    polecats: rig.polecats.map(({ name }) => name),
    polecat_count: rig.polecats.length,
    crews: rig.crew.map(({ name }) => name),
    crew_count: rig.crew.length,
    has_witness: rig.witness !== undefined,
    has_refinery: rig.error === undefined,
    hooks: agents.map((agent) =>
      withoutUndefined({
        agent: agent.address,
        role: agent.role,
        has_work: agent.bead !== undefined,
        title: agent.title,
      }),
    ),
    agents: agents.map((agent) => agentJson(agent, mail)),
    mq: mqJson(rig),
    queue: rig.queue.map(({ bead, title, enqueuedAt, failures }) => ({
      bead,
      title,
      enqueued_at: enqueuedAt,
      failures,
    })),
    blocked: rig.blocked,
  });
}

function rigAgents(rig: RigView): readonly AgentView[] {
  const standing = [rig.witness, rig.refinery].filter((agent) => agent !== undefined);
  return [...standing, ...rig.crew, ...rig.polecats];
}

const IN_FLIGHT: ReadonlySet<string> = new Set(['chained', 'proving', 'landing']);
/** So many waiting with nothing in flight: the queue does not move. */
const STALE_PENDING = 10;

function mqJson({ merge }: RigView): unknown {
  const inFlight = merge.requests.filter(({ phase }) => IN_FLIGHT.has(phase)).length;
  const blocked = merge.requests.filter(({ why, phase }) => why !== '' && !IN_FLIGHT.has(phase)).length;
  const pending = merge.requests.length - inFlight - blocked;
  const isBlocked = merge.paused !== undefined || (blocked > 0 && pending + inFlight === 0);
  return {
    pending,
    in_flight: inFlight,
    blocked,
    state: isBlocked ? 'blocked' : inFlight > 0 ? 'processing' : 'idle',
    health:
      merge.requests.length === 0 ? 'empty' : pending > STALE_PENDING && inFlight === 0 ? 'stale' : 'healthy',
    engine: merge.engine,
    requests: merge.requests.map(({ id, phase, issue, title, why }) =>
      withoutUndefined({ id, phase, issue, title, why }),
    ),
  };
}

function summaryJson({ rigs }: TownView): unknown {
  const agents = rigs.flatMap(rigAgents);
  const sum = (count: (rig: RigView) => number): number => rigs.reduce((total, rig) => total + count(rig), 0);
  return {
    rig_count: rigs.length,
    polecat_count: sum((rig) => rig.polecats.length),
    crew_count: sum((rig) => rig.crew.length),
    witness_count: sum((rig) => (rig.witness === undefined ? 0 : 1)),
    refinery_count: sum((rig) => (rig.error === undefined ? 1 : 0)),
    active_hooks: agents.filter(({ bead }) => bead !== undefined).length,
  };
}

function withoutUndefined(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
