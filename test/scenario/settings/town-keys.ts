import { messageOf } from '../../../src/core/errors.ts';
import { parsePrefix } from '../../../src/core/names.ts';
import { parseAddress } from '../../../src/core/address.ts';
import { reserveDog } from '../../../src/polecat/dispatch/dogs.ts';
import { runHandoff } from '../../../src/polecat/handoff/run.ts';
import { readCapacity } from '../../../src/polecat/read-capacity.ts';
import { runScript } from '../../../src/polecat/script/run.ts';
import { listAgents } from '../../../src/runtimes/agents.ts';
import { dispatchQueue } from '../../../src/scheduler/dispatch-queue.ts';
import { agentEnv } from '../../../src/sessions/agent-env.ts';
import { nudge } from '../../../src/sessions/nudge.ts';
import type { NudgeRequest } from '../../../src/sessions/nudge.ts';
import { targetOf } from '../../../src/sessions/target.ts';
import { readWantedDoltAddress } from '../../../src/town/dolt-address.ts';
import { readTownView } from '../../../src/watchdog/view/read-view.ts';
import { fullInterval } from '../../../src/watchdog/daemon-loop.ts';
import { passesOf } from '../watchdog/daemon-town.ts';
import { asProcess, describe, polecatAddress } from '../work/town.ts';
import type { Worker, WorkTown } from '../work/town.ts';
import { MINUTE, atWork, busyWorker } from './probe.ts';
import type { Probe } from './probe.ts';
import { effortIn, runtimeOf } from './rig-keys.ts';

const slung = async (town: WorkTown, count = 1): Promise<readonly string[]> => {
  const said: string[] = [];
  for (let index = 0; index < count; index += 1)
    said.push(describe((await town.sling([(await town.create()).id]))[0]));
  return said;
};

/** Beads that wait because nobody may work, and then all may. */
async function queueOf(town: WorkTown, count: number): Promise<void> {
  const file = `${town.root}/settings/config.json`;
  const before = (await town.files.readText(file)) ?? '{}';
  const doc = JSON.parse(before) as { scheduler?: object };
  const busy = { ...doc, scheduler: { ...doc.scheduler, max_polecats: 1 } };
  await town.files.writeAtomic(file, JSON.stringify(busy));
  await busyWorker(town);
  await slung(town, count);
  await town.files.writeAtomic(file, before);
}

async function dispatchOf(town: WorkTown): Promise<{ readonly count: number; readonly ms: number }> {
  await queueOf(town, 3);
  const before = town.clock.now();
  const { dispatched } = await town.clock.drive(dispatchQueue(town.ctx));
  return { count: dispatched.length, ms: Math.round((town.clock.now() - before) / 10_000) };
}

async function nudgesOf(town: WorkTown, more: Partial<NudgeRequest>, count = 1): Promise<unknown> {
  const worker = await busyWorker(town);
  const target = await targetOf(town.ctx, polecatAddress(worker.name));
  const begin = town.clock.now();
  const request = {
    message: 'hello',
    mode: 'queue',
    priority: 'normal',
    sender: town.ctx.actor,
    ...more,
  } as const;
  const ends: string[] = [];
  for (let index = 0; index < count; index += 1)
    ends.push(await town.clock.drive(nudge(town.ctx, target, request)).then(({ kind }) => kind, messageOf));
  const folder = `${town.root}/.runtime/nudge_queue/${worker.session}`;
  const files = (await town.files.list(folder)) ?? [];
  const texts = await Promise.all(files.map(({ name }) => town.files.readText(`${folder}/${name}`)));
  const ttl = texts.map((text) => (JSON.parse(text ?? '{}') as { expires_at?: string }).expires_at);
  return { ends, ttl, waited: Math.round((town.clock.now() - begin) / 1000) };
}

/** What the daemon does with a worker whose agent ends again and again. */
async function deaths(town: WorkTown, passes: number, everyMs: number): Promise<readonly string[]> {
  const worker = await busyWorker(town);
  town.panes.onBoot(({ session }) => queueMicrotask(() => town.panes.exit(session, { code: 1 })));
  town.panes.exit(worker.session, { code: 1 });
  const reports = await passesOf(town).run(passes, everyMs);
  return reports.flatMap(({ outcomes }) => outcomes.map(({ task }) => task.action.kind));
}

async function massDeath(town: WorkTown, count: number, apartMs: number): Promise<number> {
  const workers: Worker[] = [];
  for (let index = 0; index < count; index += 1) workers.push(await busyWorker(town));
  for (const { session } of workers) {
    town.panes.exit(session, { code: 1 });
    await town.clock.advance(apartMs);
  }
  await passesOf(town).pass();
  return (await town.events('mass_death')).length;
}

async function restTime(town: WorkTown, ms: number): Promise<unknown> {
  const worker = await busyWorker(town);
  await town.ledger.transaction('overseer', async (tx) => {
    for (const { id } of await tx.list({ assignee: `proj/polecats/${worker.name}` }))
      await tx.update(id, { status: 'closed' });
  });
  town.panes.show(worker.session, 'idle');
  await town.clock.advance(ms);
  return (await passesOf(town).pass()).outcomes.map(({ task }) => task.action.kind);
}

/** A session that has handed in and sits at its prompt. */
async function handedIn(town: WorkTown): Promise<unknown> {
  const worker = await busyWorker(town);
  await worker.write('a.txt', 'a');
  worker.commit();
  await worker.done();
  town.panes.show(worker.session, 'idle');
  await passesOf(town).pass();
  return (await town.ctx.ports.panes.observe(worker.session)).kind;
}

async function busyMachine(town: WorkTown): Promise<unknown> {
  await town.files.writeAtomic('/proc/cpuinfo', 'processor : 0\nprocessor : 1\nprocessor : 2\n');
  await town.files.writeAtomic('/proc/meminfo', 'MemTotal: 16000000 kB\nMemAvailable: 8000000 kB\n');
  await town.files.writeAtomic('/proc/loadavg', '3.0 1 1');
  const doc = JSON.parse((await town.files.readText(`${town.root}/settings/config.json`)) ?? '{}') as object;
  const text = JSON.stringify({ ...doc, scheduler: { max_polecats: 4 } });
  await town.files.writeAtomic(`${town.root}/settings/config.json`, text);
  return readCapacity(town.ctx, town.rig);
}

async function handoffs(town: WorkTown): Promise<unknown> {
  const worker = await busyWorker(town);
  const agent = polecatAddress(worker.name);
  const inside = await asProcess(town, { actor: agent, env: { GT_SESSION: worker.session } });
  const once = (): Promise<unknown> =>
    town.clock
      .drive(
        runHandoff(inside.ctx, {
          agent,
          words: { subject: undefined, note: 'so far', reason: undefined },
          mode: 'restart',
          collect: false,
          git: true,
          bead: undefined,
          conversation: 'c-1',
        }),
      )
      .then(({ end }) => end, messageOf);
  await once();
  await town.clock.advance(3 * MINUTE);
  return once();
}

async function scriptTimeout(town: WorkTown): Promise<unknown> {
  const limits: unknown[] = [];
  town.processes.program('sh', async ({ timeoutMs }) => {
    limits.push(timeoutMs);
    return { code: 0 };
  });
  const { id } = await town.create();
  const worker = await town.dispatch(id, { script: 'make page' });
  const agent = polecatAddress(worker.name);
  const { ctx } = await asProcess(town, { actor: agent });
  await town.clock.drive(runScript(ctx, { agent, spawn: 1, onOutput: () => undefined }));
  return limits;
}

async function dogsAfter(town: WorkTown): Promise<unknown> {
  await town.files.makeDir(`${town.root}/deacon/dogs`);
  await town.sling([(await town.create()).id, 'deacon/dogs']);
  return reserveDog(town.ctx, undefined).then(() => 'one more', messageOf);
}

export const TOWN_PROBES: Readonly<Record<string, Probe>> = {
  default_agent: atWork('codex', (town) => runtimeOf(town)),
  agents: atWork('{"mine":{"command":"x"}}', async ({ ctx }) =>
    (await listAgents(ctx)).map(({ name }) => name),
  ),
  role_agents: atWork('polecat=codex', (town) => runtimeOf(town)),
  role_effort: atWork('polecat=low', (town) => effortIn(town)),
  crew_agents: atWork('max=codex', (town) => runtimeOf(town, { role: 'crew', worker: 'max' })),
  rig_defaults: atWork(
    'polecat_branch_template=work/{name}',
    async (town) => (await busyWorker(town)).branch,
  ),
  agent_email_domain: atWork('agents.example', async ({ ctx }) =>
    agentEnv(ctx, { address: parseAddress('mayor'), prefix: parsePrefix('hq') }),
  ),
  'scheduler.max_polecats': atWork('1', (town) => slung(town, 2)),
  'scheduler.batch_size': atWork('1', async (town) => (await dispatchOf(town)).count),
  'scheduler.spawn_delay': atWork('5m', async (town) => (await dispatchOf(town)).ms),
  'worker_status.stuck_threshold': atWork('2h', async (town) => {
    await busyWorker(town);
    await town.clock.advance(40 * MINUTE);
    return (await town.clock.drive(readTownView(town.ctx))).attention;
  }),
  'operational.session.script_timeout': atWork('5m', scriptTimeout),
  'operational.session.min_handoff_cooldown': atWork('1h', handoffs),
  'operational.nudge.ready_timeout': atWork('90s', (town) => nudgesOf(town, { mode: 'wait-idle' })),
  'operational.nudge.normal_ttl': atWork('1h', (town) => nudgesOf(town, {})),
  'operational.nudge.urgent_ttl': atWork('1h', (town) => nudgesOf(town, { priority: 'urgent' })),
  'operational.nudge.max_queue_depth': atWork('1', (town) => nudgesOf(town, {}, 2)),
  'operational.daemon.recovery_heartbeat_interval': atWork('1m', ({ ctx }) => fullInterval(ctx)),
  'operational.daemon.mass_death_window': atWork('10m', (town) => massDeath(town, 3, MINUTE)),
  'operational.daemon.mass_death_threshold': atWork('2', (town) => massDeath(town, 2, 1000)),
  'operational.daemon.polecat_self_terminate': atWork('false', handedIn),
  'operational.daemon.polecat_idle_session_timeout': atWork('1h', (town) => restTime(town, 20 * MINUTE)),
  'operational.daemon.max_dog_pool_size': atWork('1', dogsAfter),
  'operational.daemon.pressure_cpu_threshold': atWork('0.5', busyMachine),
  'operational.daemon.pressure_mem_threshold_gb': atWork('12', busyMachine),
  'operational.polecat.pending_max_age': atWork('1h', async (town) => {
    const at = new Date(town.clock.now() - 10 * MINUTE).toISOString();
    await town.files.writeAtomic(`${town.rig.paths.runtimeDir}/furiosa.pending`, JSON.stringify({ at }));
    return (await busyWorker(town)).name;
  }),
  'operational.witness.max_bead_respawns': atWork('1', (town) => deaths(town, 4, 20 * MINUTE)),
  'restart.initial_backoff': atWork('5m', (town) => deaths(town, 4, 40_000)),
  'restart.max_backoff': atWork('1s', (town) => deaths(town, 6, 5000)),
  'dolt.port': atWork('4444', async ({ ctx }) => (await readWantedDoltAddress(ctx)).port),
};
