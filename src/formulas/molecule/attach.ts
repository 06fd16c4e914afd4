import { readAttachment, type AttachmentPatch } from '../../beads/forms/attachment.ts';
import type { Bead, LedgerReads, LedgerTx } from '../../beads/types.ts';
import type { Blueprint } from './blueprint.ts';
import { burnMolecule } from './burn.ts';
import { instantiate, type IdSource } from './instantiate.ts';
import { squashMolecule } from './squash.ts';

/** What the attachment says of a bead without a formula. */
export const NO_FORMULA = {
  attachedMolecule: null,
  attachedFormula: null,
} as const satisfies AttachmentPatch;

/**
 * Makes the wisp of a formula for a work bead, in the transaction that hooks the bead; one of an earlier try goes.
 * The wisp tracks the bead and does not block it: who may close the bead is not decided by its checklist.
 */
export async function attachFormula(
  tx: LedgerTx,
  bead: Pick<Bead, 'id' | 'description'>,
  { blueprint, source }: { readonly blueprint: Blueprint | undefined; readonly source: IdSource },
): Promise<AttachmentPatch> {
  const without = await burnAttached(tx, bead);
  if (blueprint === undefined) return without;
  const { rootId } = await instantiate(tx, blueprint, {
    keep: 'wisp',
    rootOnly: !blueprint.pour,
    source,
  });
  await tx.addEdge({ from: rootId, to: bead.id, type: 'tracks' });
  return { attachedMolecule: rootId, attachedFormula: blueprint.name };
}

/**
 * The work was given up or starts again: its wisp goes without a trace. What a person attached stays. Returns what
 * the attachment says then.
 */
export async function burnAttached(tx: LedgerTx, bead: Pick<Bead, 'description'>): Promise<AttachmentPatch> {
  const wisp = await attachedWisp(tx, bead);
  if (wisp !== undefined) await burnMolecule(tx, wisp.id);
  return attachedByPerson(bead) === undefined ? NO_FORMULA : {};
}

/** The work was handed in: the wisp's root is closed, its steps go, no digest (the bead tells what was done). */
export async function squashAttached(tx: LedgerTx, bead: Pick<Bead, 'description'>): Promise<void> {
  const wisp = await attachedWisp(tx, bead);
  if (wisp !== undefined && wisp.status !== 'closed') await squashMolecule(tx, wisp.id, { digest: 'none' });
}

/** Id of a molecule that `gt mol attach` put there: sling names the formula of its own. */
export function attachedByPerson(bead: Pick<Bead, 'description'>): string | undefined {
  const { attachedMolecule, attachedFormula } = readAttachment(bead) ?? {};
  return attachedFormula === undefined ? attachedMolecule : undefined;
}

/**
 * Wisps that the Go gt bonded to a bead: it waits for them by an edge of its own and could never be ready again.
 * Those that are no molecule are work to wait for.
 */
export async function bondedWisps(
  reads: LedgerReads,
  blockers: readonly string[],
): Promise<readonly string[]> {
  const ids = blockers.filter((id) => id.includes('-wisp-'));
  if (ids.length === 0) return [];
  const beads = await reads.list({ ids });
  return beads
    .filter((bead) => bead.ephemeral && (bead.type === 'molecule' || bead.type === 'epic'))
    .map((bead) => bead.id);
}

/** Only what sling makes. Tolerates one that is gone. */
async function attachedWisp(tx: LedgerTx, bead: Pick<Bead, 'description'>): Promise<Bead | undefined> {
  const { attachedMolecule: id, attachedFormula: formula } = readAttachment(bead) ?? {};
  if (id === undefined || formula === undefined) return undefined;
  const wisp = await tx.get(id);
  return wisp?.ephemeral === true ? wisp : undefined;
}
