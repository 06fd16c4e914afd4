import type { TownContext } from '../../../src/beads/context.ts';
import { UnavailableError, messageOf } from '../../../src/core/errors.ts';
import type { RunSpec } from '../../../src/ports/processes.ts';
import { claimRequest } from '../../../src/refinery/claims.ts';
import { createIntegration } from '../../../src/refinery/integration/create.ts';
import { pendingReviews, readJudgment } from '../../../src/refinery/review.ts';
import { tickRefinery } from '../../../src/refinery/tick.ts';
import { readWanted } from '../../../src/town/wanted.ts';
import { renderPendingReviews } from '../../../src/ui/text/reviews.ts';
import { PLAIN } from '../../../src/cli/style.ts';
import { callJudges } from '../../../src/watchdog/judge.ts';
import { NEW_MEMORY } from '../../../src/watchdog/memory.ts';
import { createHands } from '../../../src/watchdog/real-hands.ts';
import { startEngine } from '../../../src/watchdog/engine-loop.ts';
import { integrationBranchOf } from '../../../src/rig/integration-branch.ts';
import { readRigSettings } from '../../../src/rig/settings.ts';
import { createFakeForge } from '../../fakes/forge.ts';
import type { FakeTown } from '../refinery/fake-machine.ts';
import { MINUTE, atWork, inQueue } from './probe.ts';
import type { Probe } from './probe.ts';

/** The `sh` runs of one tick over some submitted changes. */
async function gateRuns(town: FakeTown, names: readonly string[] = ['ace']): Promise<readonly RunSpec[]> {
  const runs: RunSpec[] = [];
  town.processes.program('sh', async (spec) => {
    runs.push(spec);
    return { code: 0 };
  });
  for (const name of names) await town.submit(name, { [name]: name });
  await town.tick();
  return runs;
}

const commandsRun = async (town: FakeTown): Promise<readonly unknown[]> =>
  (await gateRuns(town)).map(({ argv }) => argv[5]);

/** Most gates at the same time while a queue with one bad change is worked off. */
async function mostAtOnce(town: FakeTown): Promise<number> {
  let live = 0;
  let most = 0;
  town.gate(async ({ files }) => {
    live += 1;
    most = Math.max(most, live);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    live -= 1;
    return { code: files['bad'] === undefined ? 0 : 1, stdout: 'not ok 1 - bad' };
  });
  for (const name of ['ace', 'bob', 'bad', 'cat', 'dan', 'eve', 'fox', 'gus'])
    await town.submit(name, { [name]: name });
  await town.settle();
  return most;
}

/** What the agent that judges is told of a change that was handed in. */
async function judgeToldOf(town: FakeTown): Promise<readonly string[]> {
  const said: string[] = [];
  await town.submit('ace', { a: 'a' });
  const callJudge = async (_rig: unknown, message: string): Promise<void> => void said.push(message);
  await callJudges(
    town.ctx,
    { ...createHands(town.ctx), callJudge },
    { rigs: [town.rig], wanted: await readWanted(town.ctx), memory: NEW_MEMORY },
  );
  return said;
}

/** How the agent that judges is told to look. */
async function depthAsked(town: FakeTown): Promise<string> {
  await town.submit('ace', { a: 'a' });
  const pending = (await pendingReviews(town.ctx, town.rig)).map(({ mr, what }) => ({
    id: mr.id,
    what,
    issue: '',
    branch: mr.branch,
    phase: mr.phase,
    diff: '',
  }));
  const judgment = await readJudgment(town.ctx, town.rig);
  return renderPendingReviews(pending, { ...judgment, rig: 'proj', paint: PLAIN });
}

/** The forge that a queue with pull requests asks, and what it then says. */
async function forgeAsked(town: FakeTown): Promise<unknown> {
  const asked: string[] = [];
  const open = town.as({
    forge: async ({ kind }) => {
      asked.push(kind);
      throw new UnavailableError({ code: 'forge.unreachable', message: 'no forge here' });
    },
  });
  await town.submit('ace', { a: 'a' });
  const end = await open.tick().then(({ state }) => state, messageOf);
  return { asked, end };
}

async function mergesWithoutReview(town: FakeTown): Promise<unknown> {
  const forge = createFakeForge({
    head: (branch) => town.remote.head(branch),
    merge: (branch, base, message) => town.remote.commit(base, town.remote.filesOf(branch), message),
  });
  const open = town.as({ forge: async () => forge });
  const work = await town.submit('ace', { a: 'a' });
  await open.tick();
  forge.checks(work.branch, { state: 'passing', failing: [] });
  await open.tick();
  return forge.merges.length;
}

/** What becomes of a branch that conflicts with its target. */
async function conflictEnds(town: FakeTown, times: number): Promise<unknown> {
  const base = await town.origin.head('main');
  if (base === undefined) throw new Error('no main');
  await town.origin.commit('main', { 'README.md': 'theirs\n' });
  const work = await town.submit('ace', { 'README.md': 'ours\n' }, { from: base });
  for (let time = 0; time < times; time += 1) await town.settle();
  const { phase, bead } = await town.mr(work.mr);
  return { phase, status: bead.status };
}

/** The target takes the first step of a branch too: as a whole both have changed the line, step by step only one. */
async function conflictOfSteps(town: FakeTown): Promise<unknown> {
  const work = await town.submit('nux', { 'a.txt': 'one\n' });
  await town.origin.commit(work.branch, { 'a.txt': 'two\n' });
  await town.origin.commit('main', { 'a.txt': 'one\n' });
  await town.settle();
  return town.origin.files('main');
}

async function epicBranch(ctx: TownContext, settings: Awaited<ReturnType<typeof readRigSettings>>) {
  const ledger = await ctx.ledgers.open('proj');
  return ledger.transaction('overseer', async (tx) => {
    const epic = await tx.create({ title: 'Checkout', type: 'epic' });
    const child = await tx.create({ title: 'Page' });
    await tx.addEdge({ from: child.id, to: epic.id, type: 'parent-child' });
    return integrationBranchOf(child, { reads: tx, settings, exists: () => true });
  });
}

const integration = (value: string): Probe =>
  atWork(value, async ({ ctx, rig }) => epicBranch(ctx, await readRigSettings(ctx, rig)));

export const QUEUE_PROBES: Readonly<Record<string, Probe>> = {
  judgment_enabled: inQueue('true', judgeToldOf),
  review_depth: inQueue('deep', depthAsked),
  enabled: inQueue('false', async (town) => {
    await town.submit('ace', { a: 'a' });
    return (await town.tick()).landed.length;
  }),
  merge_strategy: inQueue('pr', forgeAsked),
  vcs_provider: inQueue('bitbucket', forgeAsked, { test_command: 'run-gate', merge_strategy: 'pr' }),
  require_review: inQueue('true', mergesWithoutReview, { test_command: 'run-gate', merge_strategy: 'pr' }),
  merge_method: inQueue('merge', async (town) => {
    await town.submit('ace', { a: 'a' });
    await town.tick();
    return town.origin.messages('main');
  }),
  auto_push: inQueue('false', async (town) => {
    await town.submit('ace', { a: 'a' });
    await town.tick();
    return town.origin.files('main');
  }),
  run_tests: inQueue('false', commandsRun),
  setup_command: inQueue('prepare', commandsRun),
  typecheck_command: inQueue('types', commandsRun),
  lint_command: inQueue('lint', commandsRun),
  test_command: inQueue('other-gate', commandsRun),
  build_command: inQueue('build', commandsRun),
  gates: inQueue('{"unit":{"cmd":"unit"}}', commandsRun),
  gate_memory_mb: inQueue('100', async (town) => (await gateRuns(town)).map(({ argv }) => argv[6])),
  gate_nice: inQueue('5', async (town) => (await gateRuns(town)).map(({ argv }) => argv[7])),
  gate_timeout: inQueue('1m', async (town) => (await gateRuns(town)).map(({ timeoutMs }) => timeoutMs)),
  gates_parallel: inQueue('false', mostAtOnce, { gates: { one: { cmd: 'one' }, two: { cmd: 'two' } } }),
  max_concurrent: inQueue('3', mostAtOnce),
  'batch.max_batch_size': inQueue('1', async (town) => (await gateRuns(town, ['ace', 'bob', 'cat'])).length),
  max_retry_count: inQueue('0', (town) => conflictEnds(town, 2)),
  on_conflict: inQueue('auto_rebase', conflictOfSteps),
  delete_merged_branches: inQueue('false', async (town) => {
    await town.submit('ace', { a: 'a' }, { branch: 'feature/a' });
    await town.tick();
    return (await town.git.objects.listRefs(town.rig.paths.bare, 'refs/remotes/')).map(({ name }) => name);
  }),
  retry_flaky_tests: inQueue('6', async (town) => {
    town.gate(({ earlier, files }) =>
      files['ace'] === undefined ? { code: 0 } : { code: 1, stdout: `not ok 1 - t${earlier}` },
    );
    await town.submit('ace', { ace: 'a' });
    await town.settle();
    return (await town.gateRuns()).length;
  }),
  poll_interval: inQueue('7s', async ({ ctx, rig, clock }) => {
    const times: number[] = [];
    const engine = startEngine(ctx, rig, {
      tick: (...given) => {
        times.push(clock.now());
        return tickRefinery(...given);
      },
      onProgress: () => undefined,
    });
    await clock.advance(MINUTE);
    await engine.stop();
    return times.length;
  }),
  stale_claim_timeout: inQueue('2h', async (town) => {
    const { ctx, rig, clock } = town;
    const { mr } = await town.submit('ace', { a: 'a' });
    await claimRequest(ctx, rig, { mr, worker: 'one' });
    await clock.advance(31 * MINUTE);
    return claimRequest(ctx, rig, { mr, worker: 'two' }).then(() => 'taken over', messageOf);
  }),
  integration_branch_auto_land: inQueue('true', async (town) => {
    const beads = { prefix: 'pj' };
    const json = (path: string, value: unknown) =>
      town.files.writeAtomic(`/town/${path}`, JSON.stringify(value));
    await json('mayor/rigs.json', { version: 1, rigs: { proj: { git_url: town.remote.url, beads } } });
    await json('proj/config.json', { type: 'rig', version: 1, name: 'proj', default_branch: 'main' });
    const epic = await town.ledger.transaction('overseer', (tx) =>
      tx.create({ title: 'Checkout', type: 'epic' }),
    );
    await createIntegration(town.ctx, { epic: epic.id, branch: undefined, base: undefined, force: false });
    const { issue, mr } = await town.submit('ace', { a: 'a' });
    await town.ledger.transaction('overseer', async (tx) => {
      await tx.addEdge({ from: issue, to: epic.id, type: 'parent-child' });
      const { description } = (await town.mr(mr)).bead;
      await tx.update(mr, {
        description: `${description}\ntarget: integration/checkout`.replace('target: main\n', ''),
      });
    });
    await town.settle();
    return town.origin.files('main');
  }),
  integration_branch_polecat_enabled: integration('false'),
  integration_branch_template: integration('epics/{title}'),
};
