import { messageOf } from '../core/errors.ts';
import type { GateEnd } from './failures.ts';
import type { Engine } from './engine.ts';
import { timestamp } from './engine.ts';
import type { Candidate } from './gate-results.ts';
import { differenceFrom, prepareWorktree, type GateWorktree } from './gate-worktree.ts';
import type { RedRun } from './lane.ts';
import { runGate } from './run-gate.ts';
import type { GateRun } from './run-gate.ts';
import type { Gate } from './settings.ts';

export interface ProofRequest {
  readonly candidate: Candidate;
  /** Ids of the merge requests in the candidate. */
  readonly mrs: readonly string[];
  /** Whose worktree: a number of the engine's, or a name. */
  readonly slot: number | string;
  /** One gate after the other, with nothing else running: for the run that decides about somebody's work. */
  readonly alone: boolean;
  readonly signal: AbortSignal;
}

export type Proof =
  | { readonly kind: 'green' }
  | { readonly kind: 'red'; readonly run: RedRun }
  /** The gates could not run; `missing`: the command is not there (perhaps the candidate removed it). */
  | { readonly kind: 'infra'; readonly gate: string; readonly why: string; readonly missing: boolean }
  | { readonly kind: 'cut' };

/** Runs the gates that have no pass yet on the candidate's exact tree. Passes are kept; the first other end decides. */
export async function proveCandidate(engine: Engine, request: ProofRequest): Promise<Proof> {
  const missing = await engine.results.missing(request.candidate);
  if (missing.length === 0) return { kind: 'green' };
  engine.report.gateRun();
  await engine.lane.countRun();
  return runGates(engine, request, missing);
}

/** What it takes to run gates, also outside of a lane. */
export type GateRunner = Pick<Engine, 'ctx' | 'rig' | 'settings' | 'results'>;

/** Runs `missing` gates on the candidate's exact tree, in the slot's worktree; what passes is kept. */
export async function runGates(
  engine: GateRunner,
  request: ProofRequest,
  missing: readonly Gate[],
): Promise<Proof> {
  try {
    const { slot, candidate } = request;
    const worktree = await prepareWorktree(engine.ctx, engine.rig, { slot, candidate });
    return await runAll(engine, { ...request, worktree }, missing);
  } catch (error) {
    return { kind: 'infra', gate: '', why: messageOf(error), missing: false };
  }
}

interface PreparedRequest extends ProofRequest {
  readonly worktree: GateWorktree;
}

async function runAll(engine: GateRunner, request: PreparedRequest, gates: readonly Gate[]): Promise<Proof> {
  for (const group of groupsOf(engine, request, gates)) {
    const runs = await runGroup(engine, request, group);
    const end = await judgeGroup(engine, request, runs);
    if (end.kind !== 'green') return end;
    for (const run of runs) {
      if (engine.settings.gates.includes(run.gate)) {
        await engine.results.addPass(request.candidate, run.gate, run.ms);
      }
    }
  }
  return { kind: 'green' };
}

/** Gates that may run side by side, in order: setup, the pre-merge gates together, the others one by one. */
function groupsOf(engine: GateRunner, request: PreparedRequest, gates: readonly Gate[]): readonly Gate[][] {
  const { setup, parallel } = engine.settings;
  const side = gates.filter((gate) => gate.phase === 'pre-merge' && parallel && !request.alone);
  const single = gates.filter((gate) => !side.includes(gate));
  const before = single.filter((gate) => gate.phase === 'pre-merge');
  const after = single.filter((gate) => gate.phase === 'post-squash');
  return [setup === undefined ? [] : [setup], side, ...[...before, ...after].map((gate) => [gate])].filter(
    (group) => group.length > 0,
  );
}

async function runGroup(
  engine: GateRunner,
  request: PreparedRequest,
  group: readonly Gate[],
): Promise<GateRun[]> {
  const others = new AbortController();
  const signal = AbortSignal.any([request.signal, others.signal]);
  const subject = { tree: request.candidate.tree, mrs: request.mrs };
  return Promise.all(
    group.map(async (gate) => {
      const run = await runGate(engine.ctx, engine.rig, {
        gate,
        subject,
        signal,
        worktree: request.worktree.path,
        limits: engine.settings.limits,
      });
      if (run.end.kind !== 'pass') others.abort();
      return run;
    }),
  );
}

async function judgeGroup(
  engine: GateRunner,
  request: PreparedRequest,
  runs: readonly GateRun[],
): Promise<Proof> {
  const failed = firstFailure(runs);
  if (failed !== undefined) return proofOf(engine, request, failed);
  const changed = await differenceFrom(engine.ctx, request.worktree, request.candidate);
  const first = runs[0];
  if (changed === undefined || first === undefined) return { kind: 'green' };
  const tail = [...first.tail, `after the run: ${changed}`];
  return proofOf(engine, request, {
    ...first,
    end: { kind: 'red', failure: 'dirty' },
    fingerprint: `dirty ${changed}`,
    tail,
  });
}

/** A red outranks what was stopped because of it, and a machine's trouble outranks a red that it may have caused. */
function firstFailure(runs: readonly GateRun[]): GateRun | undefined {
  const order: readonly GateEnd['kind'][] = ['infra', 'red', 'cut'];
  return order.map((kind) => runs.find((run) => run.end.kind === kind)).find((run) => run !== undefined);
}

function proofOf(engine: GateRunner, request: PreparedRequest, { end, gate, ...run }: GateRun): Proof {
  switch (end.kind) {
    case 'pass':
      return { kind: 'green' };
    case 'cut':
      return { kind: 'cut' };
    case 'infra':
      return { kind: 'infra', gate: gate.name, why: `gate ${gate.name}: ${end.why}`, missing: end.missing };
    case 'red':
      return {
        kind: 'red',
        run: {
          tree: request.candidate.tree,
          gate: gate.name,
          failure: end.failure,
          fingerprint: run.fingerprint,
          failing: [...run.failing],
          tail: [...run.tail],
          log: run.log,
          at: timestamp(engine.ctx),
          quarantined: false,
        },
      };
  }
}
