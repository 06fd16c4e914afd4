import { writeFields } from '../../beads/forms/fields.ts';
import type { TownContext } from '../../beads/context.ts';
import { formatAddress } from '../../core/address.ts';
import { isBranchName } from '../../core/branch.ts';
import { ExternalError, NotFoundError, RefusedError, UsageError } from '../../core/errors.ts';
import { integrationBranches } from '../../rig/integration-branch.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { readHeads } from '../push-remote.ts';
import { readIntegration } from './facts.ts';
import type { Integration } from './facts.ts';

export interface NewIntegration {
  readonly epic: string;
  readonly branch: string | undefined;
  readonly base: string | undefined;
  /** Take a branch that is there already. */
  readonly force: boolean;
}

/**
 * `mq integration create`: the branch on the remote, from the tip of its base, then its name on the epic. Done twice
 * it changes nothing. NotFoundError `mq.no-base`, RefusedError `mq.branch-taken`, UsageError `mq.bad-branch`.
 */
export async function createIntegration(
  ctx: TownContext,
  wish: NewIntegration,
): Promise<{ readonly epic: string; readonly branch: string; readonly base: string }> {
  const facts = await readIntegration(ctx, wish.epic);
  const base = wish.base ?? facts.base;
  const from = facts.heads.heads.get(base);
  if (from === undefined) throw noBase(base);
  const branch = await chooseBranch(ctx, facts, wish);
  if (!facts.heads.heads.has(branch)) {
    const { repo, name } = facts.remote;
    const update = { ref: `refs/heads/${branch}`, sha: from, lease: 'absent' } as const;
    const outcome = await ctx.ports.git.remotes.push(repo, { to: name, updates: [update] });
    const now = (await readHeads(ctx, facts.remote)).heads.get(branch);
    if (now === undefined)
      throw notPushed(branch, outcome.pushed ? 'the remote does not show it' : outcome.why);
  }
  const { epic, ledger } = facts;
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const now = (await tx.get(epic.id)) ?? epic;
    const fields = { integration_branch: branch, base_branch: base };
    await tx.update(epic.id, { description: writeFields(now.description, fields) });
  });
  return { epic: epic.id, branch, base };
}

/** A name that is taken by something else gets the end of the epic's id, once. */
async function chooseBranch(ctx: TownContext, facts: Integration, wish: NewIntegration): Promise<string> {
  const settings = await readRigSettings(ctx, facts.rig);
  const template = settings.get('merge_queue.integration_branch_template');
  const user = ctx.env['USER'] ?? '';
  const wanted = wish.branch ?? integrationBranches(facts.epic, template, user)[0] ?? '';
  if (!isBranchName(wanted)) {
    throw new UsageError({ code: 'mq.bad-branch', message: `'${wanted.slice(0, 60)}' cannot be a branch` });
  }
  const isOwn = facts.branch === wanted && facts.epic.description.includes('integration_branch');
  const isTaken = (name: string): boolean => facts.heads.heads.has(name) && !isOwn && !wish.force;
  const free = [wanted, `${wanted}-${facts.epic.id.split('-').at(-1)}`].find((name) => !isTaken(name));
  if (free !== undefined) return free;
  throw new RefusedError({
    code: 'mq.branch-taken',
    message: `the remote has a branch ${wanted} already`,
    hint: 'Choose another with --branch, or take that one with --force',
  });
}

function noBase(base: string): NotFoundError {
  return new NotFoundError({
    code: 'mq.no-base',
    message: `the remote has no branch ${base}`,
    hint: 'Name another: --base-branch <branch>',
  });
}

function notPushed(branch: string, why: string): ExternalError {
  return new ExternalError({ code: 'mq.not-pushed', message: `branch ${branch} was not made: ${why}` });
}
