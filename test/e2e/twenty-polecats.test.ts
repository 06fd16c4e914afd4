import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cpuOf, memoryOf } from './support/memory.ts';
import { createBareRepository, git } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

const FAKE_AGENT = resolve(import.meta.dirname, '../agent/fake-agent.ts');
const RIGS = ['ants', 'bees', 'crab'] as const;
const COUNT = 20;
/** Of everything of ours that stands beside the agents: their hosts and the daemon (MiB; share of one core). */
const BUDGET = { rss: 1600, private: 600, core: 0.1 };
const IDLE_MS = 20_000;

/** Twenty agents that wait at their prompt for two texts, then do a piece of work and hand it in. */
let home: TestHome;
let beads: readonly string[];
beforeAll(async () => {
  home = createTestHome();
  await home.gt('install', home.town, '--store', 'sqlite');
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  const steps = [
    { read: 2 },
    { run: 'echo "$GT_ISSUE" > "file-$GT_ISSUE" && git add -A && git commit -qm "Work of $GT_ISSUE"' },
    { run: 'gt done' },
  ];
  writeFileSync(join(home.home, 'steps.json'), JSON.stringify(steps));
  const words = `exec ${process.execPath} ${FAKE_AGENT} --script ${home.home}/steps.json --log ${home.home}/log-$GT_ISSUE.jsonl "$@"`;
  await home.gt('config', 'agent', 'set', 'echoing', `sh -c '${words}' sh`, '--provider', 'claude');
  for (const rig of RIGS) {
    await home.gt(
      'rig',
      'add',
      rig,
      createBareRepository(join(home.home, `${rig}.git`)),
      '--prefix',
      prefixOf(rig),
    );
    await home.gt('rig', 'settings', 'set', rig, 'merge_queue.test_command', 'true');
  }
  beads = await Promise.all(
    Array.from({ length: COUNT }, async (_, at) => {
      const rig = RIGS[at % RIGS.length] ?? 'ants';
      return (await home.bd('q', `Piece of work ${at}`, '--rig', rig)).trim();
    }),
  );
  await home.gt('up');
});
afterAll(() => home.dispose());

function prefixOf(rig: string): string {
  return rig.slice(0, 2);
}

interface Status {
  readonly agents: readonly AgentRow[];
  readonly rigs: readonly { readonly agents?: readonly AgentRow[] }[];
  readonly attention: readonly unknown[];
}

interface AgentRow {
  readonly role: string;
  readonly session: string;
  readonly running: boolean;
  readonly has_work: boolean;
  readonly hook_bead?: string;
  readonly state?: string;
}

async function workers(): Promise<{
  readonly rows: readonly AgentRow[];
  readonly attention: readonly unknown[];
}> {
  const status = (await home.gtJson('status')) as Status;
  const all = [...status.agents, ...status.rigs.flatMap(({ agents = [] }) => agents)];
  const rows = [...new Map(all.map((row) => [row.session, row])).values()];
  return { rows: rows.filter(({ role }) => role === 'polecat'), attention: status.attention };
}

/** Texts that the agent of a bead got, in their order, by the agent's own account. */
function submitted(bead: string): readonly string[] {
  return readFileSync(join(home.home, `log-${bead}.jsonl`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map(
      (line) => JSON.parse(line) as { readonly type: string; readonly text?: string; readonly by?: string },
    )
    .filter(({ type, by }) => type === 'submitted' && by !== 'argument')
    .map(({ text = '' }) => text);
}

/** Of every pane host, and of the daemon. */
function ourProcesses(): readonly number[] {
  const panes = join(home.town, '.runtime/panes');
  const hosts = readdirSync(panes)
    .filter((name) => name.endsWith('.state.json'))
    .map((name) => JSON.parse(readFileSync(join(panes, name), 'utf8')) as { host: { pid: number } })
    .map(({ host }) => host.pid);
  return [...hosts, Number.parseInt(readFileSync(join(home.town, 'daemon/daemon.pid'), 'utf8'), 10)];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** A person at the keyboard of a session: types a line in pieces, then Enter. */
function typeInto(socket: string, session: string, pieces: readonly string[]): void {
  const keys = pieces.flatMap((piece) => ['send-keys', '-t', `=${session}:`, '-l', piece, ';']);
  execFileSync('tmux', ['-L', socket, ...keys, 'send-keys', '-t', `=${session}:`, 'Enter'], {
    env: home.env,
  });
}

describe('twenty polecats at once over three rigs', () => {
  test('are all at work and told so by status', async () => {
    for (const rig of RIGS) {
      const own = beads.filter((id) => id.startsWith(`${prefixOf(rig)}-`));
      await home.gt('sling', ...own, rig, '--agent', 'echoing');
    }
    await home.until('twenty idle agents', async () => {
      const { rows, attention } = await workers();
      expect(attention).toEqual([]);
      expect(rows.filter(({ state }) => state === 'dead' || state === 'unknown')).toEqual([]);
      const waiting = rows.filter(({ running, state }) => running && state === 'working');
      return waiting.length === COUNT ? true : undefined;
    });
    const { rows } = await workers();
    expect(rows.map(({ hook_bead = '' }) => hook_bead).toSorted()).toEqual(beads.toSorted());
  });

  test.runIf(process.platform === 'linux')(
    'P16: cost little memory, and next to nothing while they wait',
    async () => {
      await home.until('quiet prompts', async () =>
        (await workers()).rows.every(({ running }) => running) ? true : undefined,
      );
      const pids = ourProcesses();
      expect(pids).toHaveLength(COUNT + 1);
      const memory = pids.map(memoryOf);
      expect(sum(memory.map(({ rss }) => rss))).toBeLessThan(BUDGET.rss);
      expect(sum(memory.map((each) => each.private))).toBeLessThan(BUDGET.private);
      const before = sum(pids.map(cpuOf));
      await new Promise((wake) => setTimeout(wake, IDLE_MS));
      expect((sum(pids.map(cpuOf)) - before) / IDLE_MS).toBeLessThan(BUDGET.core);
    },
  );

  test('P12: what a person types and what gt types never mix, in any of them', async () => {
    const { rows } = await workers();
    const socket = ((await home.gtJson('status')) as { tmux: { socket: string } }).tmux.socket;
    const nudges = rows.map(async ({ session, hook_bead }) => {
      const words = ['nudge', session, `look again at ${hook_bead}, ${'x'.repeat(300)}`];
      return [session, await home.tryGt(words)] as const;
    });
    for (const { session } of rows) typeInto(socket, session, ['half of a ', 'line, then ', 'the rest']);
    for (const [session, outcome] of await Promise.all(nudges)) {
      expect({ session, code: outcome.code, stderr: outcome.stderr }).toMatchObject({ session, code: 0 });
    }
    await home.until('both texts everywhere', async () =>
      beads.every((bead) => submitted(bead).length >= 2) ? true : undefined,
    );
    for (const bead of beads) {
      const texts = submitted(bead).toSorted((a, b) => a.length - b.length);
      expect(texts[0]).toBe('half of a line, then the rest');
      expect(texts[1]).toContain(`look again at ${bead}, ${'x'.repeat(300)}`);
    }
  });

  test('P8: all land, each once, and the town is quiet afterwards', async () => {
    await home.until('twenty closed beads', async () => {
      const { attention, rows } = await workers();
      expect(attention).toEqual([]);
      expect(rows.filter(({ state }) => state === 'dead' || state === 'unknown')).toEqual([]);
      const shown = (await home.bdJson('show', ...beads)) as readonly { readonly status: string }[];
      return shown.every(({ status }) => status === 'closed') ? true : undefined;
    });
    for (const rig of RIGS) {
      const landed = git(join(home.home, `${rig}.git`), 'ls-tree', '--name-only', 'main').split('\n');
      const expected = beads.filter((id) => id.startsWith(`${prefixOf(rig)}-`)).map((id) => `file-${id}`);
      expect(landed.filter((name) => name.startsWith('file-')).toSorted()).toEqual(expected.toSorted());
    }
    await home.until('idle workers', async () =>
      (await workers()).rows.every(({ has_work }) => !has_work) ? true : undefined,
    );
  });
});
