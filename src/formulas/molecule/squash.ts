import type { LedgerTx } from '../../beads/types.ts';
import { progressOf, type Progress } from './progress.ts';
import { readMolecule } from './read.ts';

export interface SquashOptions {
  /** Instead of the digest's own text. */
  readonly summary?: string;
  /** `issue` lasts; `wisp` goes with the others; `none` writes no digest. */
  readonly digest: 'issue' | 'wisp' | 'none';
  readonly digestLabels?: readonly string[];
  readonly digestPriority?: number;
  readonly keepChildren?: boolean;
}

export interface Squashed {
  readonly progress: Progress;
  readonly digestId: string | undefined;
  readonly squashedIds: readonly string[];
  readonly deletedCount: number;
  readonly rootClosed: boolean;
}

/** Turns a molecule into one closed digest: its ephemeral steps go, its root is always closed. */
export async function squashMolecule(
  tx: LedgerTx,
  rootId: string,
  options: SquashOptions,
): Promise<Squashed> {
  const root = await tx.find(rootId);
  // Before anything is closed: afterwards it would always be 100 %.
  const progress = progressOf(await readMolecule(tx, root));
  const ephemeral = progress.steps.filter(({ bead }) => bead.ephemeral).map(({ bead }) => bead.id);
  const digestId = options.digest === 'none' ? undefined : await writeDigest(tx, progress, options);
  if (options.keepChildren !== true && ephemeral.length > 0) await tx.delete(...ephemeral);
  const reason =
    digestId === undefined ? 'Squashed' : `Squashed: ${progress.total} steps, digest ${digestId}`;
  const wasOpen = root.status !== 'closed';
  if (wasOpen) await tx.close(root.id, { reason, force: true });
  return {
    progress,
    digestId,
    squashedIds: ephemeral,
    deletedCount: options.keepChildren === true ? 0 : ephemeral.length,
    rootClosed: wasOpen,
  };
}

async function writeDigest(tx: LedgerTx, progress: Progress, options: SquashOptions): Promise<string> {
  const { root } = progress.molecule;
  const digest = await tx.create({
    title: `Digest: ${root.title}`.slice(0, 500),
    description: options.summary ?? digestText(progress),
    priority: options.digestPriority ?? root.priority,
    labels: options.digestLabels ?? [],
    keep: options.digest === 'wisp' ? 'wisp' : 'issue',
  });
  await tx.close(digest.id, { reason: `Squashed from ${progress.total} steps`, force: true });
  await tx.addEdge({ from: digest.id, to: root.id, type: 'parent-child' });
  return digest.id;
}

const SHOWN = 200;

/** What became of each step, as Markdown. */
export function digestText({ molecule, steps, completed, total, inProgress }: Progress): string {
  const lines = steps.flatMap(({ bead }, at) => [
    `${at + 1}. **[${bead.status}]** ${bead.title}`,
    ...(bead.closeReason === '' ? [] : [`   Outcome: ${bead.closeReason.slice(0, SHOWN)}`]),
  ]);
  return [
    `# ${molecule.root.title}`,
    '',
    `Completed: ${completed} of ${total}${inProgress === 0 ? '' : `, in progress: ${inProgress}`}`,
    ...(lines.length === 0 ? [] : ['', '## Steps', '', ...lines]),
  ].join('\n');
}
