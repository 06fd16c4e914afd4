import { GROUP_LABEL, MR_LABEL } from '../beads/forms/merge-request.ts';
import type { PinnedRequest } from './chain-order.ts';
import type { Engine } from './engine.ts';
import { standingReason } from './survey.ts';

/**
 * What lands together or not at all: one merge request, or all of one group, next to each other. The unit of the
 * search: between its parts nothing is proven and nothing is pushed.
 */
export function unitsOf<T>(
  items: readonly T[],
  groupOf: (item: T) => string | undefined,
): readonly (readonly T[])[] {
  const units: T[][] = [];
  for (const item of items) {
    const last = units.at(-1);
    const group = groupOf(item);
    const isSame = group !== undefined && last?.[0] !== undefined && groupOf(last[0]) === group;
    if (isSame) last?.push(item);
    else units.push([item]);
  }
  return units;
}

/** Groups that cannot land now, each with the first thing that it waits for. */
export async function waitingGroups(
  engine: Engine,
  {
    candidates,
    standing,
  }: { readonly candidates: readonly PinnedRequest[]; readonly standing: readonly PinnedRequest[] },
): Promise<ReadonlyMap<string, string>> {
  const names = new Set(candidates.flatMap(({ mr }) => mr.group ?? []));
  const waiting = new Map<string, string>();
  for (const name of names) {
    const held = standing.find(({ mr }) => mr.group === name);
    const why =
      held === undefined
        ? await missingMember(engine, name, candidates)
        : `${held.mr.id}: ${standingReason(held.mr) ?? 'it waits'}`;
    if (why !== undefined) waiting.set(name, why);
  }
  return waiting;
}

/** A bead with the group's label whose work is not in this lane. */
async function missingMember(
  { ledger, settings }: Engine,
  name: string,
  candidates: readonly PinnedRequest[],
): Promise<string | undefined> {
  if (settings.strategy === 'pr') return 'pull requests, which land one by one';
  const beads = await ledger.list({ labels: [GROUP_LABEL + name], notStatus: ['closed'], order: 'id' });
  const here = new Set(candidates.flatMap(({ mr }) => (mr.group === name ? (mr.sourceIssue ?? []) : [])));
  const missing = beads.find(({ id, labels }) => !labels.includes(MR_LABEL) && !here.has(id));
  return missing === undefined ? undefined : `${missing.id}: its work is not in this queue`;
}
