import { isOfRig, MR_LABEL, parseMergeRequest } from '../beads/forms/merge-request.ts';
import type { MergeRequest } from '../beads/forms/merge-request.ts';
import type { Bead, LedgerReads } from '../beads/types.ts';
import { NotFoundError, UsageError } from '../core/errors.ts';
import { oneLine } from '../core/text.ts';
import type { Rig } from '../rig/registry.ts';

/**
 * A merge request by id, its issue's id (the newest), branch, branch without `polecat/`, or the unique start of an
 * id; open ones win over closed ones. NotFoundError `mq.not-found`, UsageError `mq.ambiguous` with the candidates.
 */
export async function findMergeRequest(reads: LedgerReads, rig: Rig, text: string): Promise<MergeRequest> {
  const beads = await reads.list({ labels: [MR_LABEL], order: 'id' });
  const all = beads.map(parseMergeRequest).filter((mr) => isOfRig(mr, rig.name));
  const exact = all.find((mr) => mr.id === text || mr.id === `${rig.prefix}-${text}`);
  if (exact !== undefined) return exact;
  const matching = [
    newest(all.filter((mr) => mr.sourceIssue === text || mr.sourceIssue === `${rig.prefix}-${text}`)),
    all.filter((mr) => mr.branch === text || mr.branch === `polecat/${text}`),
    text === '' ? [] : all.filter((mr) => mr.id.startsWith(text)),
  ]
    .map(preferOpen)
    .find((found) => found.length > 0);
  const [first, ...others] = matching ?? [];
  if (first === undefined) throw notFound(rig, text, await reads.get(text));
  if (others.length > 0) throw ambiguous(text, [first, ...others]);
  return first;
}

function preferOpen(found: readonly MergeRequest[]): readonly MergeRequest[] {
  const open = found.filter((mr) => mr.bead.status !== 'closed');
  return open.length > 0 ? open : found;
}

function newest(found: readonly MergeRequest[]): readonly MergeRequest[] {
  return preferOpen(found)
    .toSorted((a, b) => b.bead.createdAt.localeCompare(a.bead.createdAt))
    .slice(0, 1);
}

function notFound({ name }: Rig, text: string, bead: Bead | undefined): NotFoundError {
  return new NotFoundError({
    code: 'mq.not-found',
    message:
      bead === undefined
        ? `no merge request '${oneLine(text, 60)}'`
        : `${bead.id} has no merge request: it is ${bead.status}, not handed in`,
    hint: `Run: gt mq list ${name} --status all`,
  });
}

function ambiguous(text: string, found: readonly MergeRequest[]): UsageError {
  return new UsageError({
    code: 'mq.ambiguous',
    message: `'${oneLine(text, 60)}' fits ${found.length} merge requests: ${found
      .slice(0, 5)
      .map((mr) => mr.id)
      .join(', ')}`,
  });
}
