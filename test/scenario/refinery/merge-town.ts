import type { TownContext } from '../../../src/beads/context.ts';
import { createLedgers } from '../../../src/beads/ledgers.ts';
import { parseMergeRequest, submitMergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { MergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { Bead, Ledger, Ledgers } from '../../../src/beads/types.ts';
import { UnavailableError } from '../../../src/core/errors.ts';
import { parsePrefix, parseRigName, parseWorkerName } from '../../../src/core/names.ts';
import type { BeadId, Sha, WorkerName } from '../../../src/core/names.ts';
import type { TownPorts } from '../../../src/ports/index.ts';
import type { Store } from '../../../src/ports/store.ts';
import { isLane, readLane } from '../../../src/refinery/lane-store.ts';
import type { LaneRecord } from '../../../src/refinery/lane.ts';
import type { TickReport } from '../../../src/refinery/report.ts';
import { tickRefinery } from '../../../src/refinery/tick.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { rigPaths, townPaths } from '../../../src/town/layout.ts';

type Changes = Readonly<Record<string, string | null>>;

/** The project's remote, as somebody outside sees it. */
export interface Origin {
  readonly url: string;
  head(branch: string): Promise<Sha | undefined>;
  branches(): Promise<readonly string[]>;
  files(branch: string): Promise<Readonly<Record<string, string>>>;
  /** Messages of all commits of a branch, newest first. */
  messages(branch: string): Promise<readonly string[]>;
  /** A new commit with `changes` on top of `from` (default: the branch itself), which becomes the branch's tip. */
  commit(branch: string, changes: Changes, options?: CommitOptions): Promise<Sha>;
  setBranch(branch: string, sha: Sha | undefined): Promise<void>;
}

interface CommitOptions {
  readonly from?: Sha;
  readonly message?: string;
}

export interface Machine {
  readonly ports: TownPorts;
  readonly store: Store;
  readonly origin: Origin;
  readonly root: string;
  /** What a gate sees of the environment (PATH …). */
  readonly env: Readonly<Record<string, string>>;
  /** Trees that gates were run on, in order. */
  gateRuns(): Promise<readonly string[]>;
}

/** A rig with a merge queue, its remote, and workers that submit. */
export interface MergeTown extends Machine {
  readonly ctx: TownContext;
  readonly rig: Rig;
  readonly ledger: Ledger;
  readonly ledgers: Ledgers;
  /** A worker's finished bead: branch pushed, merge request in the queue. */
  submit(name: string, changes: Changes, options?: SubmitOptions): Promise<Submitted>;
  /** The same for a branch that is on the remote already. */
  enqueue(
    name: string,
    work: Pick<Submitted, 'branch' | 'head'>,
    options?: SubmitOptions,
  ): Promise<Submitted>;
  tick(signal?: AbortSignal): Promise<TickReport>;
  /** Ticks until nothing changes any more. */
  settle(): Promise<readonly TickReport[]>;
  set(settings: Readonly<Record<string, unknown>>): Promise<void>;
  bead(id: string): Promise<Bead>;
  mr(id: string): Promise<MergeRequest>;
  lane(): Promise<LaneRecord>;
  /** The same town as another process sees it, with other ports. */
  as(ports: Partial<TownPorts>, failpoint?: TownContext['failpoint']): MergeTown;
  /** The same town on another machine: its own clone below `root`, the same store and remote. */
  elsewhere(root: string, ports: Partial<TownPorts>): Promise<MergeTown>;
}

interface SubmitOptions {
  readonly from?: Sha;
  readonly priority?: number;
  readonly message?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Branch to push to; default a fresh polecat branch. */
  readonly branch?: string;
  readonly issue?: BeadId;
}

export interface Submitted {
  readonly issue: BeadId;
  readonly mr: BeadId;
  readonly branch: string;
  readonly head: Sha;
}

const ROUTES = [
  { prefix: 'pj-', database: 'proj' },
  { prefix: 'hq-', database: 'hq' },
];

export async function makeMergeTown(machine: Machine): Promise<MergeTown> {
  const { store, ports, origin } = machine;
  await store.create('proj', { prefix: 'pj', projectId: ports.random.uuid() });
  await store.create('hq', { prefix: 'hq', projectId: ports.random.uuid() });
  const town = await openMergeTown(machine);
  await ports.git.remotes.cloneBare(origin.url, town.rig.paths.bare);
  await town.set({ test_command: GATE });
  return town;
}

/** One that is there already, as another process sees it. */
export function openMergeTown(machine: Machine): Promise<MergeTown> {
  const { root, origin } = machine;
  const rig: Rig = {
    name: parseRigName('proj'),
    prefix: parsePrefix('pj'),
    database: 'proj',
    gitUrl: origin.url,
    pushUrl: undefined,
    upstreamUrl: undefined,
    defaultBranch: 'main',
    sparse: [],
    addedAt: '',
    paths: rigPaths(root, parseRigName('proj')),
  };
  return townOf(machine, rig, () => undefined);
}

/** Command of the gate: it fails when a file holds the word BAD. */
const GATE = 'run-gate';

async function townOf(machine: Machine, rig: Rig, failpoint: TownContext['failpoint']): Promise<MergeTown> {
  const { ports, root, origin } = machine;
  const { clock, random, store } = ports;
  const ledgers = createLedgers({ store, routes: async () => ROUTES, clock, random });
  const ledger = await ledgers.open(rig.database);
  const ctx: TownContext = {
    root,
    paths: townPaths(root),
    ports,
    ledgers,
    actor: { role: 'refinery', rig: rig.name },
    gtArgv: ['gt'],
    env: machine.env,
    failpoint,
  };
  const tick = (signal?: AbortSignal): Promise<TickReport> =>
    tickRefinery(ctx, rig, { signal: signal ?? new AbortController().signal });
  const bead = async (id: string): Promise<Bead> => {
    const found = await ledger.get(id);
    if (found === undefined) throw new Error(`no bead ${id}`);
    return found;
  };
  return {
    ...machine,
    ctx,
    rig,
    ledger,
    ledgers,
    tick,
    bead,
    submit: (name, changes, options = {}) => submit({ rig, ledger, origin }, { name, changes, options }),
    enqueue: async (name, { branch, head }, options = {}) => {
      const issue = options.issue ?? (await holdIssue({ rig, ledger }, name, options));
      return enqueue({ rig, ledger }, { name, branch, head, issue, priority: options.priority ?? 2 });
    },
    settle: async () => {
      const reports: TickReport[] = [];
      for (;;) {
        const report = await tick();
        reports.push(report);
        if (report.state !== 'done' || reports.length > 20) return reports;
      }
    },
    set: (settings) =>
      ports.files.writeAtomic(
        rig.paths.settingsFile,
        JSON.stringify({ type: 'rig-settings', version: 1, merge_queue: settings }),
      ),
    mr: async (id) => parseMergeRequest(await bead(id)),
    lane: async () => {
      const beads = await ledger.list({ labels: ['gt:mq-lane'] });
      const found = beads.find(isLane);
      if (found === undefined) throw new Error('no lane');
      return readLane(found);
    },
    as: (other, stop = failpoint) => {
      // A second town on the same store, disk and remote; built when first used.
      const changed = { ...machine, ports: { ...ports, ...other } };
      return lazyTown(townOf(changed, rig, stop));
    },
    elsewhere: async (other, changed) => {
      const there = { ...rig, paths: rigPaths(other, rig.name) };
      await ports.git.remotes.cloneBare(origin.url, there.paths.bare);
      return townOf({ ...machine, root: other, ports: { ...ports, ...changed } }, there, failpoint);
    },
  };
}

/** A town that is still being opened: its methods wait for it. */
function lazyTown(opening: Promise<MergeTown>): MergeTown {
  return new Proxy({} as MergeTown, {
    get:
      (_, key) =>
      async (...args: readonly unknown[]) => {
        const value: unknown = Reflect.get(await opening, key);
        return typeof value === 'function' ? (Reflect.apply(value, undefined, args) as unknown) : value;
      },
  });
}

async function submit(
  place: { readonly rig: Rig; readonly ledger: Ledger; readonly origin: Origin },
  work: { readonly name: string; readonly changes: Changes; readonly options: SubmitOptions },
): Promise<Submitted> {
  const { origin } = place;
  const { name, changes, options } = work;
  const issue = options.issue ?? (await holdIssue(place, name, options));
  const branch = options.branch ?? `polecat/${name}/${issue}@${name}`;
  const from = options.from ?? (await origin.head(branch)) ?? (await origin.head('main'));
  const head = await origin.commit(branch, changes, {
    ...(from === undefined ? {} : { from }),
    message: options.message ?? `Work of ${name}`,
  });
  return enqueue(place, { name, branch, head, issue, priority: options.priority ?? 2 });
}

interface RigLedger {
  readonly rig: Rig;
  readonly ledger: Ledger;
}

function holdIssue({ rig, ledger }: RigLedger, name: string, options: SubmitOptions): Promise<BeadId> {
  return ledger.transaction('overseer', async (tx) => {
    const made = await tx.create({
      title: `Work of ${name}`,
      type: 'task',
      priority: options.priority ?? 2,
      metadata: options.metadata ?? {},
    });
    await tx.update(made.id, { status: 'in_progress', assignee: `${rig.name}/polecats/${name}` });
    return made.id;
  });
}

async function enqueue(
  { rig, ledger }: RigLedger,
  work: Pick<Submitted, 'branch' | 'head' | 'issue'> & { readonly name: string; readonly priority: number },
): Promise<Submitted> {
  const { name, branch, head, issue, priority } = work;
  const worker: WorkerName = parseWorkerName(name);
  const row = { rig: rig.name, branch, target: 'main', commit: head, sourceIssue: issue, worker, priority };
  const { mr } = await ledger.transaction(`${rig.name}/polecats/${worker}`, (tx) =>
    submitMergeRequest(tx, row),
  );
  return { issue, mr: mr.id, branch, head };
}

/** Nobody listens. */
export const SILENT_IPC: TownPorts['ipc'] = {
  request: async () => {
    throw new UnavailableError({ code: 'ipc.no-answer', message: 'nobody listens' });
  },
  serve: async () => {
    throw new Error('not used');
  },
};

/** A port that these tests must not touch. */
export function forbidden<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get: (_, key) => () => {
      throw new Error(`${name}.${String(key)} is not used by the merge queue`);
    },
  });
}
