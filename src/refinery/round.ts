import { messageOf } from '../core/errors.ts';
import type { Sha } from '../core/names.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import { isQuarantined, noteFlake } from './flakes.ts';
import type { Candidate } from './gate-results.ts';
import { noteInfra } from './infra.ts';
import { isLostLane, LANE_LEASE_MS } from './lane-store.ts';
import type { RedRun } from './lane.ts';
import { proveCandidate, runGates } from './prove.ts';
import type { Proof } from './prove.ts';

/** One tree to prove in a round, in a slot of its own. */
export interface Probe {
  readonly candidate: Candidate;
  /** Merge requests in it, in their order. */
  readonly mrs: readonly string[];
  /** `spare` trees are not of the lane's chain but of the one that is expected next. */
  readonly line: 'chain' | 'spare';
  /** Decides about somebody's work: its gates run one by one. */
  readonly alone: boolean;
}

interface Answer {
  readonly candidate: Candidate;
  readonly proof: Proof;
}

/** The prefix of the lane's chain that ends at `position`; 0 = the target itself. */
export function chainProbe(engine: Engine, base: Candidate, position: number): Probe {
  const links = engine.lane.record.chain.slice(0, position);
  return { candidate: links.at(-1) ?? base, mrs: links.map((link) => link.mr), line: 'chain', alone: false };
}

/** H3: proves some trees side by side and records what was red. A red one stops the longer ones of its line. */
export async function runRound(engine: Engine, base: Candidate, probes: readonly Probe[]): Promise<void> {
  const { lane, ctx } = engine;
  ctx.failpoint('H3', 'before');
  const positions = probes.filter(({ line }) => line === 'chain').map(({ mrs }) => mrs.length);
  await lane.save({ proving: { positions, since: timestamp(ctx) } });
  const answers = await withRenewal(engine, (signal) => proveAll(engine, probes, signal));
  ctx.failpoint('H3', 'after');
  await recordAnswers(engine, base, answers);
  engine.report.worked();
}

async function proveAll(
  engine: Engine,
  probes: readonly Probe[],
  signal: AbortSignal,
): Promise<readonly Answer[]> {
  const running = probes.map((probe) => ({ probe, stop: new AbortController() }));
  return Promise.all(
    running.map(async ({ probe, stop }, slot) => {
      const { candidate, mrs, alone } = probe;
      const proof = await proveCandidate(engine, {
        candidate,
        mrs,
        slot,
        alone,
        signal: AbortSignal.any([signal, stop.signal]),
      });
      if (proof.kind === 'red') {
        const longer = running.filter((other) => isLonger(other.probe, probe));
        for (const other of longer) other.stop.abort();
      }
      return { candidate, proof };
    }),
  );
}

function isLonger(other: Probe, probe: Probe): boolean {
  return other.line === probe.line && other.mrs.length > probe.mrs.length;
}

/** Keeps the lane ours while gates run; when it is lost, or the pass must end, the gates are stopped. */
async function withRenewal<T>(engine: Engine, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const done = new AbortController();
  const stop = new AbortController();
  const renewal = renew(engine, done.signal).catch((error: unknown) => {
    engine.ctx.ports.log.warn('merge lane not renewed', { why: messageOf(error) });
    if (isLostLane(error)) stop.abort();
  });
  try {
    return await work(AbortSignal.any([engine.signal, stop.signal]));
  } finally {
    done.abort();
    // When one slot has failed for good, the gates of the others must not go on alone.
    stop.abort();
    await renewal;
  }
}

async function renew(engine: Engine, done: AbortSignal): Promise<void> {
  for (;;) {
    await engine.ctx.ports.clock.sleep(LANE_LEASE_MS / 3, done);
    if (done.aborted) return;
    await engine.lane.save({});
  }
}

async function recordAnswers(engine: Engine, base: Candidate, answers: readonly Answer[]): Promise<void> {
  const reds: RedRun[] = [];
  let trouble: string | undefined;
  let { flaked } = engine.lane.record;
  for (const answer of answers) {
    if (answer.proof.kind === 'green' && (await noteFlakesOf(engine, answer.candidate))) {
      flaked = timestamp(engine.ctx);
    }
    const red = await redRunOf(engine, base, answer);
    if (red !== undefined) {
      const quarantined = await isQuarantined(engine.ctx, engine.rig, red);
      reds.push({ ...red, quarantined });
    } else if (answer.proof.kind === 'infra') trouble ??= answer.proof.why;
  }
  const { lane } = engine;
  await lane.save({ proving: undefined, flaked, reds: [...lane.record.reds, ...reds] });
  if (trouble !== undefined) await noteInfra(engine, trouble);
}

/**
 * A gate command that does not exist is the machine's fault, unless the target itself has it: then the change has
 * removed it, and must not be able to stop the queue by that.
 */
async function redRunOf(
  engine: Engine,
  base: Candidate,
  { candidate, proof }: Answer,
): Promise<RedRun | undefined> {
  if (proof.kind === 'red') return proof.run;
  if (proof.kind !== 'infra' || !proof.missing || candidate.commit === base.commit) return undefined;
  if (!(await hasCommand(engine, base, proof.gate))) return undefined;
  return {
    tree: candidate.tree,
    gate: proof.gate,
    failure: 'code',
    fingerprint: `missing ${proof.gate}`,
    quarantined: false,
    failing: [],
    tail: [proof.why],
    log: '',
    at: timestamp(engine.ctx),
  };
}

/** Run on the target itself, now: that it passed there some time ago says nothing about this machine. */
async function hasCommand(engine: Engine, base: Candidate, name: string): Promise<boolean> {
  const { gates } = engine.settings;
  const named = gates.filter((gate) => gate.name === name);
  engine.report.gateRun();
  await engine.lane.countRun();
  const request = { candidate: base, slot: 0, alone: true, mrs: [], signal: engine.signal };
  const onBase = await runGates(engine, request, named.length > 0 ? named : gates.slice(0, 1));
  return onBase.kind === 'green';
}

async function noteFlakesOf(engine: Engine, { tree }: Candidate): Promise<boolean> {
  const red = redsOf(engine, tree)[0];
  if (red !== undefined) await noteFlake(engine, red);
  return red !== undefined;
}

/** The red runs of a tree in this lane, oldest first. */
export function redsOf(engine: Engine, tree: Sha): readonly RedRun[] {
  return engine.lane.record.reds.filter((red) => red.tree === tree);
}
