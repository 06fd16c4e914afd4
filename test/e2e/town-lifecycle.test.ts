import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createBareRepository } from './support/repository.ts';
import { createTestHome } from './support/town.ts';
import type { TestHome } from './support/town.ts';

let home: TestHome;

beforeEach(async () => {
  home = createTestHome();
  await home.gt('install', home.town);
  await home.gt('config', 'set', 'scheduler.max_polecats', '-1');
  const origin = createBareRepository(join(home.home, 'origin.git'));
  await home.gt('rig', 'add', 'proj', origin, '--prefix', 'pj');
});

afterEach(() => home.dispose());

interface DaemonJson {
  readonly running: boolean;
  readonly pid?: number;
}

interface AgentJson {
  readonly name: string;
  readonly session: string;
  readonly running: boolean;
}

function isAlive(pid: number): boolean {
  try {
    // A zombie is dead; only its parent has not looked yet.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function daemonPid(): Promise<number> {
  return ((await home.gtJson('daemon', 'status')) as DaemonJson).pid ?? 0;
}

/** An agent that ignores TERM, at work. Returns the pids of its host and itself. */
async function stubbornAgent(): Promise<{ readonly session: string; readonly pids: readonly number[] }> {
  const { id } = (await home.bdJson('create', 'Never ends', '--rig', 'proj')) as { readonly id: string };
  await home.gt('sling', id, 'proj', '--script', "trap '' TERM HUP; while :; do sleep 1; done");
  return home.until('the agent runs', async () => {
    const status = (await home.gtJson('status')) as {
      readonly rigs: readonly { readonly agents: readonly AgentJson[] }[];
    };
    const agent = status.rigs[0]?.agents.find(({ running }) => running);
    if (agent === undefined) return undefined;
    const file = join(home.town, '.runtime/panes', `${agent.session}.state.json`);
    const state = JSON.parse(readFileSync(file, 'utf8')) as {
      host: { pid: number };
      child?: { pid: number };
    };
    return state.child === undefined
      ? undefined
      : { session: agent.session, pids: [state.host.pid, state.child.pid] };
  });
}

test('P10: three ups at once make one daemon, and all three succeed', async () => {
  const ups = await Promise.all([1, 2, 3].map(() => home.tryGt(['up', '--json'])));
  const told = ups.map(({ code, stdout, stderr }) => {
    const { services } = JSON.parse(stdout) as { services: { ok: boolean; detail: string }[] };
    return { code, stderr, failed: services.filter(({ ok }) => !ok).map(({ detail }) => detail) };
  });
  const well = { code: 0, stderr: '', failed: [] };
  expect(told).toEqual([well, well, well]);
  const pid = await daemonPid();
  expect(isAlive(pid)).toBe(true);
  const seconds = await home.tryGt(['daemon', 'run']);
  expect(seconds.code).toBe(1);
  expect(seconds.stderr).toContain(`the daemon runs already (pid ${pid})`);
});

describe('P10: down', () => {
  test('ends an agent that ignores TERM, the daemon and the town’s tmux server', async () => {
    await home.gt('up');
    const { pids } = await stubbornAgent();
    const daemon = await daemonPid();
    const report = (await home.gtJson('down')) as { readonly survivors: readonly unknown[] };
    expect(report.survivors).toEqual([]);
    for (const pid of [...pids, daemon]) expect([pid, isAlive(pid)]).toEqual([pid, false]);
    const again = await home.tryGt(['down']);
    expect([again.code, again.stdout]).toEqual([0, 'The town is down. Start it again: gt up']);
  });

  test('a daemon cannot be started behind its back', async () => {
    await home.gt('up');
    await home.gt('down');
    const refused = await home.tryGt(['daemon', 'start']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('Run: gt up');
    expect((await home.gtJson('daemon', 'status')) as DaemonJson).toMatchObject({ running: false });
  });
});

test('under a supervisor: stands by while another runs, takes over from a dead one, ends with 0 when the town is down', async () => {
  await home.gt('up');
  const first = await daemonPid();
  const supervised = home.tryGt(['daemon', 'run', '--supervised']);
  process.kill(first, 'SIGKILL');
  await home.until('the one that stood by', async () =>
    [0, first].includes(await daemonPid()) ? undefined : true,
  );
  await home.gt('down');
  expect(await supervised).toMatchObject({ code: 0, stdout: '' });
  expect(await home.tryGt(['daemon', 'run', '--supervised'])).toMatchObject({ code: 0, stdout: '' });
});

test('P3: with the town’s folder removed, daemon and agents end by themselves and bring nothing back', async () => {
  await home.gt('up');
  const { pids } = await stubbornAgent();
  const daemon = await daemonPid();
  rmSync(home.town, { recursive: true, force: true });
  await home.until('daemon and agent are gone', async () =>
    [...pids, daemon].some(isAlive) ? undefined : true,
  );
  expect(existsSync(join(home.town, 'mayor'))).toBe(false);
  expect(existsSync(join(home.town, 'daemon'))).toBe(false);
});
