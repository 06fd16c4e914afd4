import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import type { Bead, BeadFilter } from '../../beads/types.ts';
import { messageOf } from '../../core/errors.ts';
import { parsePrefix } from '../../core/names.ts';
import { formatAddress, sessionOf } from '../../core/address.ts';
import { ALL_WORK, workByAgent } from '../../hooks/held-work.ts';
import type { AgentWork } from '../../hooks/held-work.ts';
import { readRigs } from '../../rig/registry.ts';
import type { Rigs } from '../../rig/registry.ts';
import { readAttempts } from '../../town/attempts.ts';
import { corrupt, readJsonFile } from '../../town/json-file.ts';
import { readTownSettings } from '../../town/settings.ts';
import { describeIssue, readTown } from '../../town/town-file.ts';
import { readWanted } from '../../town/wanted.ts';
import type { Wanted } from '../../town/wanted.ts';
import type { TownFacts } from '../gather.ts';
import { NEW_MEMORY } from '../memory.ts';
import { baseRules } from '../rules.ts';
import { viewStanding } from './agent-view.ts';
import { attentionOf } from './attention.ts';
import { readUnread } from './mail.ts';
import type { UnreadBoxes } from './mail.ts';
import { ESCALATION_LABEL, readRigView } from './rig-view.ts';
import type { ReadRigView, RigViewFacts } from './rig-view.ts';
import { readDaemonService, readStoreService, readTmuxService } from './services.ts';
import type { AgentView, DaemonServiceView, OverseerView, RigView, TmuxView, TownView } from './types.ts';

/** Looks at the whole town once. One source that fails is named in `unavailable`; the others are shown. */
export async function readTownView(ctx: TownContext): Promise<TownView> {
  const { source, unavailable } = createSources();
  const [town, overseer, wanted, daemon, store, tmux, rigs] = await Promise.all([
    source('mayor/town.json', undefined, () => readTown(ctx.ports.files, ctx.paths)),
    source('mayor/overseer.json', undefined, () => readOverseer(ctx)),
    source<Wanted | undefined>('daemon/wanted.json', undefined, () => readWanted(ctx)),
    source<DaemonServiceView>('daemon', { running: false }, () => readDaemonService(ctx)),
    readStoreService(ctx),
    source('tmux', noTmux(ctx), () => readTmuxService(ctx)),
    source<Rigs>('mayor/rigs.json', { rigs: [], broken: [] }, () => readRigs(ctx)),
  ]);
  const read = await readRigViews(ctx, { rigs, wanted, daemon, isReadable: store.ok, source });
  const rows = store.ok ? await source('escalations', NO_ROWS, () => readTownRows(ctx)) : NO_ROWS;
  const mail = store.ok ? await source<UnreadBoxes>('mail', new Map(), () => readUnread(ctx)) : new Map();
  const agents = await source<readonly AgentView[]>('sessions', [], () => readTownAgents(ctx, rows.work));
  const view: Omit<TownView, 'attention'> = {
    at: ctx.ports.clock.now(),
    name: town?.name ?? '',
    root: ctx.root,
    wanted: wanted?.town ?? 'unknown',
    overseer,
    daemon,
    store,
    tmux,
    agents,
    rigs: read.map((rig) => rig.view),
    mail,
    unavailable,
  };
  const escalations = [...rows.escalations, ...read.flatMap((rig) => rig.escalations)];
  return { ...view, attention: attentionOf({ view, escalations }) };
}

/** Reads with something to show instead; a failure is kept under the source's name. */
interface Sources {
  readonly source: <T>(name: string, instead: T, read: () => Promise<T>) => Promise<T>;
  readonly unavailable: Readonly<Record<string, string>>;
}

function createSources(): Sources {
  const unavailable: Record<string, string> = {};
  return {
    unavailable,
    async source(name, instead, read) {
      try {
        return await read();
      } catch (error) {
        unavailable[name] = messageOf(error);
        return instead;
      }
    },
  };
}

interface RigSources extends Pick<Sources, 'source'> {
  readonly rigs: Rigs;
  readonly wanted: Wanted | undefined;
  readonly daemon: DaemonServiceView;
  /** The ledger answers. */
  readonly isReadable: boolean;
}

async function readRigViews(
  ctx: TownContext,
  { rigs, wanted, daemon, isReadable, source }: RigSources,
): Promise<readonly ReadRigView[]> {
  const broken = rigs.broken.map(({ name, why }) => emptyRig({ name, prefix: '', error: why }));
  const facts = await source('settings', undefined, () =>
    readFacts(ctx, { wanted: wanted ?? UNKNOWN_WANTED, rigs }),
  );
  if (facts === undefined || !isReadable) return [...rigs.rigs.map(emptyRig), ...broken];
  const engines = daemon.running ? (daemon.own?.engines ?? []) : [];
  const read = rigs.rigs.map((rig) =>
    source(`rig ${rig.name}`, emptyRig(rig), () =>
      readRigView(ctx, rig, { ...facts, engine: engines.find((engine) => engine.rig === rig.name) }),
    ),
  );
  return [...(await Promise.all(read)), ...broken];
}

const UNKNOWN_WANTED: Wanted = {
  town: 'up',
  spares: undefined,
  since: '',
  by: '',
  rigs: {},
  closed: {},
  agents: {},
};

function noTmux(ctx: TownContext): TmuxView {
  return { socket: ctx.ports.tmux.socket, running: false, sessions: 0 };
}

async function readFacts(
  ctx: TownContext,
  { wanted, rigs }: { readonly wanted: Wanted; readonly rigs: Rigs },
): Promise<Omit<RigViewFacts, 'engine'>> {
  const now = ctx.ports.clock.now();
  const settings = await readTownSettings(ctx);
  const town: TownFacts = {
    now,
    wanted,
    attempts: await readAttempts(ctx),
    rigs: rigs.rigs,
    memory: NEW_MEMORY,
  };
  const stuckMs = settings.get('worker_status.stuck_threshold');
  return { town, rules: { ...baseRules(settings, now), stuckMs } };
}

const overseerSchema = z.object({
  name: z._default(z.string(), ''),
  email: z.optional(z.string()),
  username: z.optional(z.string()),
  source: z._default(z.string(), ''),
});

async function readOverseer(ctx: TownContext): Promise<OverseerView | undefined> {
  const doc = await readJsonFile(ctx.ports.files, ctx.paths.overseerFile);
  if (doc === undefined) return undefined;
  const parsed = overseerSchema.safeParse(doc);
  if (!parsed.success)
    throw corrupt(ctx.paths.overseerFile, parsed.error.issues.map(describeIssue).join('; '));
  const { name, email, username, source } = parsed.data;
  return { name, email, username, source };
}

/** Mayor and deacon. @param work undefined when the ledger does not answer */
async function readTownAgents(
  ctx: TownContext,
  work: ReadonlyMap<string, AgentWork>,
): Promise<readonly AgentView[]> {
  const hq = parsePrefix('hq');
  const roles = [
    ['mayor', 'coordinator'],
    ['deacon', 'health-check'],
  ] as const;
  return Promise.all(
    roles.map(async ([agent, role]) => {
      const address = { role: agent } as const;
      const seen = await ctx.ports.panes.observe(sessionOf(address, hq));
      return { ...viewStanding(address, hq, { seen, work: work.get(formatAddress(address)) }), role };
    }),
  );
}

interface TownRows {
  readonly escalations: readonly Bead[];
  readonly work: ReadonlyMap<string, AgentWork>;
}

const NO_ROWS: TownRows = { escalations: [], work: new Map() };

async function readTownRows(ctx: TownContext): Promise<TownRows> {
  const open: BeadFilter = { labels: [ESCALATION_LABEL], notLabels: ['gt:message'], notStatus: ['closed'] };
  const [escalations = [], requests = [], atWork = []] = await (
    await ctx.ledgers.hq()
  ).lists([open, ...ALL_WORK]);
  return { escalations, work: workByAgent(requests, atWork) };
}

/** A rig of which nothing but its name is known now. */
function emptyRig({
  name,
  prefix,
  error,
}: Pick<RigView, 'name' | 'prefix'> & { error?: string }): ReadRigView {
  const view: RigView = {
    name,
    prefix,
    closed: undefined,
    error,
    polecats: [],
    crew: [],
    witness: undefined,
    refinery: undefined,
    merge: { requests: [], paused: undefined, engine: 'off', waiting: [] },
    queue: [],
    blocked: [],
  };
  return { view, escalations: [] };
}
