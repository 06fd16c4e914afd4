import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { slingTermsOf } from '../beads/forms/sling-terms.ts';
import type { Bead } from '../beads/types.ts';
import type { AgentAddress } from '../core/address.ts';
import { GtError, messageOf } from '../core/errors.ts';
import { known, unknownFact } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';
import type { Progress } from '../formulas/molecule/progress.ts';
import type { GitCommit } from '../ports/git.ts';
import { rigNamed } from '../rig/registry.ts';
import { agentHome } from '../town/agent-home.ts';
import { readAttachedMolecule } from './attached-molecule.ts';

/** Where an agent stands in its work: what a note to its next session is made of. */
export interface Situation {
  readonly held: Fact<HeldWork>;
  /** undefined = its home is no checkout. */
  readonly tree: Fact<Tree> | undefined;
}

export interface HeldWork {
  readonly bead: Bead | undefined;
  /** Of the molecule that is attached to it. */
  readonly progress: Progress | undefined;
}

export interface Tree {
  /** undefined when detached. */
  readonly branch: string | undefined;
  readonly head: GitCommit | undefined;
  /** The remote branch that the work will land on, when it is known here. */
  readonly base: string | undefined;
  /** Not in the base; newest first. */
  readonly commits: readonly GitCommit[];
  /** Changed, staged and untracked paths. */
  readonly dirty: readonly string[];
  /** rebase, merge … under way. */
  readonly operation: string | undefined;
}

const MOST_COMMITS = 20;

/** Never throws for what cannot be looked at: the note then says so. */
export async function readSituation(ctx: TownContext, agent: AgentAddress): Promise<Situation> {
  const held = await fact(() => readAttachedMolecule(ctx, agent));
  const home = agentHome(ctx.root, agent);
  const isCheckout =
    agent.role !== 'overseer' && (await ctx.ports.files.stat(join(home, '.git'))) !== undefined;
  if (!isCheckout) return { held, tree: undefined };
  const bead = held.ok ? held.value.bead : undefined;
  return { held, tree: await fact(async () => readTree(ctx, home, await baseOf(ctx, agent, bead))) };
}

/** The step to do now: under way, else the next that can start. */
export function stepOf({ progress }: HeldWork): Bead | undefined {
  return progress?.current ?? progress?.next;
}

async function readTree(ctx: TownContext, home: string, base: string | undefined): Promise<Tree> {
  const { objects, worktrees } = ctx.ports.git;
  const { head, branch, changed, untracked, operation } = await worktrees.status(home);
  const from = base === undefined ? undefined : await objects.resolve(home, `refs/remotes/${base}`);
  const dirty = [...changed, ...untracked];
  if (head === undefined) return { branch, head, base, commits: [], dirty, operation };
  const commits = from === undefined ? [] : await objects.log(home, { from, to: head, limit: MOST_COMMITS });
  return {
    branch,
    head: await objects.commit(home, head),
    base: from === undefined ? undefined : base,
    commits,
    dirty,
    operation,
  };
}

async function baseOf(
  ctx: TownContext,
  agent: AgentAddress,
  bead: Bead | undefined,
): Promise<string | undefined> {
  if (!('rig' in agent)) return undefined;
  const branch = bead === undefined ? undefined : slingTermsOf(bead).baseBranch;
  return `origin/${branch ?? (await rigNamed(ctx, agent.rig)).defaultBranch}`;
}

async function fact<T>(read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return known(await read());
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    return unknownFact(messageOf(error));
  }
}
