import { join } from 'node:path';
import type { Sha } from '../../../src/core/names.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import type { FakeClock } from '../../fakes/clock.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import type { FakeFiles } from '../../fakes/files.ts';
import { createFakeGit } from '../../fakes/git.ts';
import type { FakeGit, FakeRemote } from '../../fakes/git.ts';
import { createFakeLocks } from '../../fakes/locks.ts';
import type { FakeLocks } from '../../fakes/locks.ts';
import { createFakeLog } from '../../fakes/log.ts';
import { createFakeProcesses } from '../../fakes/processes.ts';
import type { FakeProcesses, ProgramEnd } from '../../fakes/processes.ts';
import { createFakeRandom } from '../../fakes/random.ts';
import { createFakeStore } from '../../fakes/store.ts';
import { forbidden, makeMergeTown, SILENT_IPC } from './merge-town.ts';
import type { Machine, MergeTown, Origin } from './merge-town.ts';

const ROOT = '/town';
const URL = '/remotes/proj.git';

/** What a gate of a test sees and says. */
interface GateCall {
  readonly files: Readonly<Record<string, string>>;
  readonly tree: string;
  readonly mrs: readonly string[];
  readonly command: string;
  readonly worktree: string;
  /** How often a gate ran before. */
  readonly earlier: number;
}

export type Gate = (call: GateCall) => ProgramEnd | Promise<ProgramEnd>;

export interface FakeTown extends MergeTown {
  readonly clock: FakeClock;
  readonly remote: FakeRemote;
  readonly git: FakeGit;
  readonly files: FakeFiles;
  readonly processes: FakeProcesses;
  readonly locks: FakeLocks;
  /** Replaces the gate's behaviour. */
  gate(behaviour: Gate): void;
  close(): Promise<void>;
}

/** Red when a file of the candidate holds the word BAD. */
export const failOnBad: Gate = ({ files }) => {
  const bad = Object.keys(files).filter((path) => files[path]?.includes('BAD'));
  return bad.length === 0
    ? { code: 0, stdout: 'ok' }
    : { code: 1, stdout: bad.map((path) => `not ok 1 - ${path}`).join('\n') };
};

/** A town in memory: fake disk, git, processes, clock; SQLite as the store. */
export async function makeFakeTown(files: Readonly<Record<string, string>> = {}): Promise<FakeTown> {
  const clock = createFakeClock();
  const disk = createFakeFiles();
  const git = createFakeGit({ files: disk, clock });
  const processes = createFakeProcesses({ clock });
  const locks = createFakeLocks({ clock });
  const store = createFakeStore({ clock });
  const remote = git.createRemote(URL, { files: { 'README.md': '# Project\n', ...files } });
  const runs: string[] = [];
  let behaviour: Gate = failOnBad;
  processes.program('sh', async (spec) => {
    const worktree = spec.argv[4] ?? '';
    const tree = spec.env['GT_MQ_TREE'] ?? '';
    const call: GateCall = {
      files: await readAll(disk, worktree),
      tree,
      mrs: (spec.env['GT_MQ_MRS'] ?? '').split(',').filter((id) => id !== ''),
      command: spec.argv[5] ?? '',
      worktree,
      earlier: runs.length,
    };
    runs.push(tree);
    return behaviour(call);
  });
  const machine: Machine = {
    root: ROOT,
    env: { PATH: '/bin' },
    store,
    origin: originOf(remote),
    gateRuns: async () => runs,
    ports: {
      clock,
      files: disk,
      git,
      processes,
      locks,
      store,
      random: createFakeRandom(),
      log: createFakeLog(),
      ipc: SILENT_IPC,
      tmux: forbidden('tmux'),
      panes: forbidden('panes'),
      archives: forbidden('archives'),
      doltProbe: forbidden('doltProbe'),
      forge: forbidden('forge'),
    },
  };
  const town = await makeMergeTown(machine);
  return {
    ...town,
    clock,
    remote,
    git,
    files: disk,
    processes,
    locks,
    gate: (next) => void (behaviour = next),
    close: () => store.close(),
  };
}

function originOf(remote: FakeRemote): Origin {
  return {
    url: remote.url,
    head: async (branch) => remote.head(branch),
    branches: async () => remote.branches(),
    files: async (branch) => remote.filesOf(branch),
    messages: async (branch) => remote.messages(branch),
    commit: async (branch, changes, options = {}) => {
      const before: Sha | undefined = options.from ?? remote.head(branch);
      if (before !== undefined) remote.setBranch(branch, before);
      return remote.commit(branch, changes, options.message);
    },
    setBranch: async (branch, sha) => remote.setBranch(branch, sha),
  };
}

async function readAll(disk: FakeFiles, folder: string, prefix = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of (await disk.list(folder)) ?? []) {
    if (entry.name === '.git') continue;
    const path = join(folder, entry.name);
    if (entry.kind === 'dir') Object.assign(found, await readAll(disk, path, `${prefix}${entry.name}/`));
    else found[`${prefix}${entry.name}`] = (await disk.readText(path)) ?? '';
  }
  return found;
}
