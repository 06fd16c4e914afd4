import { readAttachment } from '../../../src/beads/forms/attachment.ts';
import { startupCrew } from '../../../src/crew/startup.ts';
import { readPoolNames } from '../../../src/polecat/pool-names.ts';
import { readCapacity } from '../../../src/polecat/read-capacity.ts';
import { readAgentFiles } from '../../../src/runtimes/agent-files.ts';
import { writeTownKey } from '../../../src/town/settings.ts';
import { makeCatalog } from '../../../src/runtimes/catalog.ts';
import { chooseRuntime } from '../../../src/runtimes/resolve.ts';
import type { RuntimeRequest } from '../../../src/runtimes/resolve.ts';
import { readQueue } from '../../../src/scheduler/queue.ts';
import { readTheme } from '../../../src/sessions/look/read.ts';
import { nudgeTarget } from '../../../src/sessions/nudge-target.ts';
import { targetOf } from '../../../src/sessions/target.ts';
import { readWanted, setRigWanted } from '../../../src/town/wanted.ts';
import { runUp } from '../../../src/watchdog/up.ts';
import { passesOf } from '../watchdog/daemon-town.ts';
import { describe, polecatAddress } from '../work/town.ts';
import type { WorkTown } from '../work/town.ts';
import { atWork, busyWorker } from './probe.ts';
import type { Probe } from './probe.ts';
import { QUEUE_PROBES } from './queue-keys.ts';

/** The runtime that an agent of the rig gets. */
export async function runtimeOf({ ctx, rig }: WorkTown, more: Partial<RuntimeRequest> = {}): Promise<string> {
  const files = await readAgentFiles(ctx.ports.files, ctx.paths, rig.name);
  const request = { role: 'polecat', rig: rig.name, ...more } as const;
  return chooseRuntime(files, request, makeCatalog(files, ctx.gtArgv)).command;
}

/** What a worker of Claude's kind is started with. */
export async function effortIn(town: WorkTown): Promise<unknown> {
  await writeTownKey(town.ctx, 'agents', '{"mine":{"command":"mine","provider":"claude"}}');
  const { session } = await town.dispatch((await town.create()).id, { agent: 'mine' });
  return town.panes.started(session)?.env['CLAUDE_CODE_EFFORT_LEVEL'];
}

/** What a worker is given to do beside its bead. */
const slungFormula = async (town: WorkTown): Promise<unknown> => {
  for (const name of ['mol-polecat-work', 'other']) {
    const step = '[[steps]]\nid = "one"\ntitle = "Do it"\n';
    const text = `formula = "${name}"\ntype = "workflow"\nversion = 1\n${step}`;
    await town.files.writeAtomic(`${town.root}/.beads/formulas/${name}.formula.toml`, text);
  }
  const bead = await town.create();
  await town.sling([bead.id]);
  return readAttachment(await town.bead(bead.id))?.attachedFormula;
};

const nextName = async ({ ctx, rig }: WorkTown): Promise<string> => (await readPoolNames(ctx, rig)).next;

export const RIG_PROBES: Readonly<Record<string, Probe>> = {
  ...Object.fromEntries(Object.entries(QUEUE_PROBES).map(([name, probe]) => [`merge_queue.${name}`, probe])),
  'workflow.default_formula': atWork('other', slungFormula),
  'namepool.style': atWork('minerals', nextName),
  'namepool.names': atWork('zoe', nextName),
  'namepool.max_before_numbering': atWork('1', async (town) => {
    await busyWorker(town);
    return nextName(town);
  }),
  'crew.startup': atWork('max', async ({ ctx, rig }) => (await startupCrew(ctx, rig)).missing),
  theme: atWork(
    '{"name":"rust"}',
    async ({ ctx, rig }) => (await readTheme(ctx, { role: 'polecat', rig: rig.name })).name,
  ),
  agent: atWork('codex', (town) => runtimeOf(town)),
  agents: atWork('{"helper":{"command":"other"}}', (town) => runtimeOf(town)),
  role_agents: atWork('polecat=codex', (town) => runtimeOf(town)),
  role_effort: atWork('polecat=low', (town) => effortIn(town)),
  worker_agents: atWork('ace=codex', (town) => runtimeOf(town, { worker: 'ace' })),
  runtime: atWork('{"command":"old-one"}', (town) => runtimeOf(town)),
};

async function queuedOrder(town: WorkTown): Promise<unknown> {
  await town.setTown({ scheduler: { max_polecats: 1 } });
  await busyWorker(town);
  const { id } = await town.create();
  await town.sling([id]);
  return (await readQueue(town.ctx)).waiting.map(({ priority }) => priority);
}

export const PROPERTY_PROBES: Readonly<Record<string, Probe>> = {
  status: atWork('parked', async (town) => describe((await town.sling([(await town.create()).id]))[0])),
  auto_restart: atWork('false', async (town) => {
    const worker = await busyWorker(town);
    town.panes.exit(worker.session, { code: 1 });
    const passes = passesOf(town);
    return (await passes.pass()).outcomes.map(({ task }) => task.action.kind);
  }),
  auto_start_on_up: atWork('true', async ({ ctx, rig, clock }) => {
    await setRigWanted(ctx, rig.name, 'down');
    await clock.drive(runUp(ctx));
    return (await readWanted(ctx)).rigs;
  }),
  max_polecats: atWork('1', async (town) => {
    await busyWorker(town);
    return readCapacity(town.ctx, town.rig);
  }),
  priority_adjustment: atWork('3', queuedOrder),
  dnd: atWork('true', async (town) => {
    const worker = await busyWorker(town);
    const target = await targetOf(town.ctx, polecatAddress(worker.name));
    return town.clock.drive(
      nudgeTarget(town.ctx, target, {
        message: 'hello',
        mode: 'queue',
        priority: 'normal',
        sender: town.ctx.actor,
        force: false,
      }),
    );
  }),
  polecat_branch_template: atWork('work/{name}', async (town) => (await busyWorker(town)).branch),
  default_formula: atWork('other', slungFormula),
};
