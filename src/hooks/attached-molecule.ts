import { join } from 'node:path';
import { readAttachment, writeAttachment } from '../beads/forms/attachment.ts';
import type { TownContext } from '../beads/context.ts';
import type { Bead } from '../beads/types.ts';
import { formatAddress } from '../core/address.ts';
import type { AgentAddress } from '../core/address.ts';
import { NotFoundError } from '../core/errors.ts';
import { NO_FORMULA } from '../formulas/molecule/attach.ts';
import { progressOf } from '../formulas/molecule/progress.ts';
import type { Progress } from '../formulas/molecule/progress.ts';
import { readMolecule } from '../formulas/molecule/read.ts';
import { heldEverywhere } from './find-hooked.ts';

/** What an agent holds, and the molecule that is attached to it; one that is gone or closed is none. */
export interface Attached {
  /** The held bead. */
  readonly bead: Bead | undefined;
  readonly progress: Progress | undefined;
}

export async function readAttachedMolecule(ctx: TownContext, agent: AgentAddress): Promise<Attached> {
  const [bead] = (await heldEverywhere(ctx, agent)).held;
  return { bead, progress: bead === undefined ? undefined : await progressOfBead(ctx, bead) };
}

/** Of the molecule that is attached to a held bead, or that is on the hook by itself. */
export async function progressOfBead(ctx: TownContext, bead: Bead): Promise<Progress | undefined> {
  const id = readAttachment(bead)?.attachedMolecule ?? (bead.type === 'molecule' ? bead.id : undefined);
  return id === undefined ? undefined : readProgress(ctx, id);
}

/** Where the molecule stands; undefined when there is none. */
export async function readProgress(ctx: TownContext, id: string): Promise<Progress | undefined> {
  const ledger = await ctx.ledgers.of(id);
  const root = await ledger.get(id);
  return root === undefined ? undefined : progressOf(await readMolecule(ledger, root));
}

/** The same, for a command that needs one. NotFoundError `molecule.not-attached`. */
export async function needAttached(
  ctx: TownContext,
  agent: AgentAddress,
): Promise<{ readonly bead: Bead; readonly progress: Progress }> {
  const { bead, progress } = await readAttachedMolecule(ctx, agent);
  if (bead !== undefined && progress !== undefined) return { bead, progress };
  throw new NotFoundError({
    code: 'molecule.not-attached',
    message: `${formatAddress(agent)} has no molecule${bead === undefined ? '' : ` on ${bead.id}`}`,
    hint: 'Run: gt mol status',
  });
}

/** Attaches a molecule to a bead, in place of what was there. */
export async function attachMolecule(ctx: TownContext, bead: Bead, molecule: Bead): Promise<void> {
  const ledger = await ctx.ledgers.of(bead.id);
  const attachedAt = new Date(ctx.ports.clock.now()).toISOString();
  await ledger.transaction(formatAddress(ctx.actor), async (tx) => {
    const { description } = await tx.find(bead.id);
    const patch = { ...NO_FORMULA, attachedMolecule: molecule.id, attachedAt };
    await tx.update(bead.id, { description: writeAttachment(description, patch) });
  });
}

/** Takes the molecule off the bead and records it in the audit log. Returns its id; undefined when none was attached. */
export async function detachMolecule(
  ctx: TownContext,
  bead: Bead,
  operation: 'detach' | 'burn' | 'squash',
): Promise<string | undefined> {
  const ledger = await ctx.ledgers.of(bead.id);
  const by = formatAddress(ctx.actor);
  const molecule = await ledger.transaction(by, async (tx) => {
    const { description } = await tx.find(bead.id);
    const attached = readAttachment({ description })?.attachedMolecule;
    if (attached !== undefined) {
      const patch = { ...NO_FORMULA, attachedAt: null };
      await tx.update(bead.id, { description: writeAttachment(description, patch) });
    }
    return attached;
  });
  if (molecule === undefined) return undefined;
  const entry = {
    timestamp: new Date(ctx.ports.clock.now()).toISOString(),
    operation,
    pinned_bead_id: bead.id,
    detached_molecule: molecule,
    detached_by: by,
  };
  await ctx.ports.files.appendLine(join(ctx.root, '.beads/audit.log'), JSON.stringify(entry));
  return molecule;
}
