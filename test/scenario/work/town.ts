import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listAgentRows } from '../../../src/beads/forms/agent-row.ts';
import type { AgentRow } from '../../../src/beads/forms/agent-row.ts';
import type { TownContext } from '../../../src/beads/context.ts';
import { createLedgers } from '../../../src/beads/ledgers.ts';
import { openMergeRequests } from '../../../src/beads/forms/merge-request.ts';
import type { MergeRequest } from '../../../src/beads/forms/merge-request.ts';
import type { Bead, Ledger, NewBead } from '../../../src/beads/types.ts';
import { OVERSEER, parseAddress, sessionOf } from '../../../src/core/address.ts';
import type { AgentAddress } from '../../../src/core/address.ts';
import { parseWorkerName } from '../../../src/core/names.ts';
import type { SessionName, WorkerName } from '../../../src/core/names.ts';
import type { Files } from '../../../src/ports/files.ts';
import type { Git } from '../../../src/ports/git.ts';
import type { TownPorts } from '../../../src/ports/index.ts';
import { rigNamed } from '../../../src/rig/registry.ts';
import type { Rig } from '../../../src/rig/registry.ts';
import { runDone } from '../../../src/polecat/done/run.ts';
import type { DoneReport } from '../../../src/polecat/done/run.ts';
import type { DoneRequest } from '../../../src/polecat/done/request.ts';
import { runSling } from '../../../src/polecat/sling/run.ts';
import type { SlingOptions } from '../../../src/polecat/sling/options.ts';
import type { SlingResult } from '../../../src/polecat/sling/result.ts';
import { beginWork } from '../../../src/hooks/begin-work.ts';
import { polecatPaths, townPaths } from '../../../src/town/layout.ts';
import { createFakeArchives } from '../../fakes/archives.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import type { FakeClock } from '../../fakes/clock.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import type { FakeFiles } from '../../fakes/files.ts';
import { createFakeGit } from '../../fakes/git.ts';
import type { FakeGit, FakeRemote } from '../../fakes/git.ts';
import { createFakeIpc } from '../../fakes/ipc.ts';
import { createFakeLocks } from '../../fakes/locks.ts';
import type { FakeLocks } from '../../fakes/locks.ts';
import { createFakeLog } from '../../fakes/log.ts';
import type { FakePanes } from '../../fakes/panes.ts';
import { createFakeProcesses } from '../../fakes/processes.ts';
import type { FakeProcesses } from '../../fakes/processes.ts';
import { createFakeRandom } from '../../fakes/random.ts';
import { createFakeSessions } from '../../fakes/sessions.ts';
import { createFakeStore } from '../../fakes/store.ts';

const TEMPLATES = resolve(import.meta.dirname, '../../../templates');

/** A town with one rig `proj` (beads `pj-…`), on fakes: what sling, prime, done and their like do to it. */
export interface AnyTown {
  readonly root: string;
  readonly ctx: TownContext;
  readonly rig: Rig;
  readonly ledger: Ledger;
  readonly hq: Ledger;
  readonly clock: FakeClock;
  readonly files: Files;
  readonly git: Git;
  readonly panes: FakePanes;
  readonly processes: FakeProcesses;
  readonly locks: FakeLocks;
  create(bead?: Partial<NewBead>): Promise<Bead>;
  /** Slings and waits; the fake clock moves as needed. */
  sling(words: readonly string[], options?: SlingOptions): Promise<readonly SlingResult[]>;
  /** Slings one bead and expects that a worker has it. */
  dispatch(bead: string, options?: SlingOptions): Promise<Worker>;
  bead(id: string): Promise<Bead>;
  row(name: string): Promise<AgentRow | undefined>;
  mrs(): Promise<readonly MergeRequest[]>;
  setTown(settings: Readonly<Record<string, unknown>>): Promise<void>;
  events(type: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Refs that keep rescued work. */
  rescues(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A town in memory, and the other side of its remote. */
export interface WorkTown extends AnyTown {
  readonly files: FakeFiles;
  readonly git: FakeGit;
  readonly remote: FakeRemote;
}

export interface ProcessView {
  readonly actor?: AgentAddress;
  readonly env?: Readonly<Record<string, string>>;
  readonly ports?: Partial<TownPorts>;
  readonly failpoint?: TownContext['failpoint'];
}

/** A polecat with its worktree, as the agent in it sees the world. */
export interface Worker {
  readonly name: WorkerName;
  readonly session: SessionName;
  readonly worktree: string;
  readonly branch: string;
  readonly spawn: number;
  /** What `gt prime` does to the rows. */
  begin(): Promise<void>;
  write(path: string, text: string): Promise<void>;
  /** Commits everything; only in memory. */
  commit(message?: string): void;
  done(request?: Partial<DoneRequest>): Promise<DoneReport>;
}

/** Everything in memory. */
export async function makeWorkTown(files: Readonly<Record<string, string>> = {}): Promise<WorkTown> {
  const clock = createFakeClock();
  const disk = createFakeFiles({ clock });
  const git = createFakeGit({ files: disk, clock });
  const remote = git.createRemote('/remotes/proj.git', { files: { 'README.md': '# Project\n', ...files } });
  const town = await makeTownOn({ root: '/town', url: remote.url, clock, files: disk, git });
  return Object.assign(town, { git, remote, files: disk });
}

/** What a town of a test stands on: in memory, or the real disk with the git program. */
export interface Ground<G extends Git = Git, F extends Files = Files> {
  readonly root: string;
  /** Of the project's repository. */
  readonly url: string;
  readonly clock: FakeClock;
  readonly files: F;
  readonly git: G;
  /** Runs programs (setup hooks, cp); default: the scripted ones. */
  readonly run?: TownPorts['processes']['run'];
}

/** A town with the rig `proj` on that ground. Sessions, store, locks and time are always fakes. */
export async function makeTownOn<G extends Git, F extends Files>(
  ground: Ground<G, F>,
): Promise<TownOn<G, F>> {
  const { root, url, clock, files, git } = ground;
  const sessions = createFakeSessions({ clock, processes: createFakeProcesses({ clock }) });
  sessions.processes.program('git', () => ({
    code: 129,
    stderr: 'usage: git merge-tree [--write-tree] <a> <b>',
  }));
  const store = createFakeStore({ clock });
  const random = createFakeRandom();
  const locks = createFakeLocks({ clock });
  const processes =
    ground.run === undefined ? sessions.processes : { ...sessions.processes, run: ground.run };
  const ports: TownPorts = {
    clock,
    files,
    archives: createFakeArchives({ files }),
    git,
    processes,
    tmux: sessions.tmux,
    panes: sessions.panes,
    locks,
    store,
    random,
    log: createFakeLog(),
    ipc: createFakeIpc({ clock }),
    doltProbe: { ask: () => Promise.reject(new Error('no Dolt here')) },
    forge: () => Promise.reject(new Error('no forge here')),
  };
  await writeTownFiles(files, root, url);
  await store.create('hq', { prefix: 'hq', projectId: random.uuid() });
  await store.create('proj', { prefix: 'pj', projectId: random.uuid() });
  await git.remotes.cloneBare(url, `${root}/proj/.repo.git`);
  const parts = { root, clock, files, git, panes: sessions.panes, processes: sessions.processes, locks };
  const town = await townOf({ parts, ports, view: {}, close: () => store.close() });
  return Object.assign(town, { git, files });
}

export type TownOn<G extends Git, F extends Files> = AnyTown & { readonly git: G; readonly files: F };

async function writeTownFiles(disk: Files, root: string, url: string): Promise<void> {
  const json = (path: string, value: unknown): Promise<void> =>
    disk.writeAtomic(`${root}/${path}`, JSON.stringify(value), { mode: 0o600 });
  await json('mayor/town.json', { type: 'town', version: 2, name: 'town', store: { kind: 'sqlite' } });
  const beads = { prefix: 'pj' };
  await json('mayor/rigs.json', { version: 1, rigs: { proj: { git_url: url, beads } } });
  await json('proj/config.json', { type: 'rig', version: 1, name: 'proj', default_branch: 'main', beads });
  await json('settings/config.json', TOWN_SETTINGS);
  const routes = ['hq', 'pj'].map((prefix) =>
    JSON.stringify({ prefix: `${prefix}-`, path: prefix === 'hq' ? '.' : 'proj' }),
  );
  await disk.writeAtomic(`${root}/.beads/routes.jsonl`, `${routes.join('\n')}\n`);
  for (const path of readdirSync(TEMPLATES, { recursive: true }).map(String)) {
    if (!/\.(?:md|sh)$/.test(path)) continue;
    await disk.writeAtomic(join(`${root}/gt/templates`, path), readFileSync(join(TEMPLATES, path)));
  }
}

const TOWN_SETTINGS = {
  type: 'town-settings',
  version: 1,
  default_agent: 'helper',
  agents: { helper: { command: 'helper' } },
  scheduler: { max_polecats: -1 },
};

interface Parts {
  readonly parts: Pick<AnyTown, 'root' | 'clock' | 'files' | 'git' | 'panes' | 'processes' | 'locks'>;
  readonly ports: TownPorts;
  readonly view: ProcessView;
  readonly close: () => Promise<void>;
}

async function townOf({ parts, ports: all, view, close }: Parts): Promise<AnyTown> {
  const { root } = parts;
  const ports: TownPorts = { ...all, ...view.ports };
  const { store, clock, random } = ports;
  const routes = [
    { prefix: 'pj-', database: 'proj' },
    { prefix: 'hq-', database: 'hq' },
  ];
  const ctx: TownContext = {
    root,
    paths: townPaths(root),
    ports,
    ledgers: createLedgers({ store, routes: async () => routes, clock, random }),
    actor: view.actor ?? OVERSEER,
    gtArgv: ['/bin/node', `${root}/gt/src/main.ts`],
    env: { PATH: '/bin', HOME: '/home', ...view.env },
    failpoint: view.failpoint ?? (() => undefined),
  };
  const rig = await rigNamed(ctx, 'proj');
  const ledger = await ctx.ledgers.open('proj');
  const hq = await ctx.ledgers.hq();
  const sling = (words: readonly string[], options: SlingOptions = {}): Promise<readonly SlingResult[]> =>
    parts.clock.drive(runSling(ctx, { words, options }));
  const bead = async (id: string): Promise<Bead> => {
    const found = await ledger.get(id);
    if (found === undefined) throw new Error(`no bead ${id}`);
    return found;
  };
  const town: AnyTown = {
    ...parts,
    ctx,
    rig,
    ledger,
    hq,
    close,
    bead,
    sling,
    create: (given) => ledger.transaction('overseer', (tx) => tx.create({ title: 'Do something', ...given })),
    async dispatch(id, options) {
      const [result] = await sling([id], options);
      if (result?.kind !== 'dispatched' || result.dispatch.kind !== 'worker')
        throw new Error(`not dispatched: ${describe(result)}`);
      return workerOf(town, result.dispatch.worker, id);
    },
    async row(name) {
      const rows = await listAgentRows(ledger);
      return rows.find((row) => row.address.role === 'polecat' && row.address.name === name);
    },
    mrs: () => openMergeRequests(ledger),
    async setTown(settings) {
      const text = JSON.stringify({ ...TOWN_SETTINGS, ...settings });
      await parts.files.writeAtomic(`${root}/settings/config.json`, text);
    },
    async events(type) {
      const text = (await parts.files.readText(`${root}/.events.jsonl`)) ?? '';
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { type: string; payload: Readonly<Record<string, unknown>> })
        .filter((event) => event.type === type)
        .map((event) => event.payload);
    },
    async rescues() {
      const refs = await parts.git.objects.listRefs(rig.paths.bare, 'refs/gt/rescue/');
      return refs.map((ref) => ref.name);
    },
  };
  return town;
}

/** The same town as another process sees it, perhaps one with faulty ports. */
export async function asProcess(town: AnyTown, view: ProcessView): Promise<AnyTown> {
  return townOf({ parts: town, ports: town.ctx.ports, view, close: () => town.close() });
}

export async function workerOf(town: AnyTown, name: string, bead: string): Promise<Worker> {
  const worker = parseWorkerName(name);
  const address = { role: 'polecat', rig: town.rig.name, name: worker } as const;
  const row = await town.row(name);
  if (row?.branch === undefined) throw new Error(`${name} has no branch`);
  const { worktree } = polecatPaths(town.root, town.rig.name, worker);
  const { spawn, branch } = row;
  const inside = await asProcess(town, { actor: address });
  return {
    name: worker,
    session: sessionOf(address, town.rig.prefix),
    worktree,
    branch,
    spawn,
    async begin() {
      await beginWork(inside.ctx, { rig: town.rig, agent: address, spawn });
    },
    write: (path, text) => town.files.writeAtomic(`${worktree}/${path}`, text),
    commit: (message = `Work on ${bead}`) => {
      if (!isFakeGit(town.git)) throw new Error('commit with the git program instead');
      town.git.user(worktree).commitEverything(message);
    },
    done: (request) =>
      town.clock.drive(runDone(inside.ctx, { agent: address, status: 'COMPLETED', spawn, ...request })),
  };
}

function isFakeGit(git: Git): git is FakeGit {
  return 'createRemote' in git;
}

export function polecatAddress(name: string): AgentAddress {
  return parseAddress(`proj/polecats/${name}`);
}

export function describe(result: SlingResult | undefined): string {
  if (result === undefined) return 'no result';
  if (result.kind === 'failed') return `${result.error.code}: ${result.error.message}`;
  return result.kind === 'queued' ? `queued: ${result.why}` : result.kind;
}
