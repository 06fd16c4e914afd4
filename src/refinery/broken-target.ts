import { clearAlert, raiseAlert } from '../beads/forms/alert.ts';
import type { PinnedRequest } from './chain-order.ts';
import { timestamp } from './engine.ts';
import type { Engine } from './engine.ts';
import type { Candidate } from './gate-results.ts';
import { isRecent } from './time-limits.ts';
import { byScore } from './score.ts';

/** How long a red target is believed to be red without anything having changed. */
const BELIEVE_MS = 3_600_000;

/**
 * The target fails its own gates: nobody is sent back for that. Until it is mended, merge requests are tried one
 * by one, and the first that passes (the fix) lands.
 */
export async function noteBroken(engine: Engine, base: Candidate): Promise<void> {
  const { lane } = engine;
  const { broken, chain, reds } = lane.record;
  const first = chain[0];
  const tried = first === undefined ? [] : [triedKey(first.mr, first.head)];
  if (broken !== undefined) {
    await lane.save({ chain: [], broken: { ...broken, tried: [...broken.tried, ...tried] } });
    return;
  }
  const red = reds.findLast((run) => run.tree === base.tree);
  const next = { base: base.commit, tried, since: timestamp(engine.ctx) };
  await lane.save({ chain: [], broken: next }, (tx) =>
    raiseAlert(tx, {
      key: alertKey(engine),
      title: `${lane.record.target} of ${engine.rig.name} fails its gate ${red?.gate ?? ''}`,
      text: [
        `The tip of ${lane.record.target} (${base.commit}) does not pass gate ${red?.gate ?? '?'} by itself.`,
        'Nothing is sent back for this. Merge requests are tried one by one; the first that passes lands.',
        ...(red === undefined || red.log === '' ? [] : [`Log: ${red.log}`]),
        '',
        ...(red?.tail ?? []),
      ].join('\n'),
      priority: 0,
      kind: 'bug',
    }),
  );
}

/** Back to normal: the target moved, the gates changed, or enough time has passed to ask again. */
export async function clearBroken(engine: Engine, reason: string): Promise<void> {
  const { lane } = engine;
  if (lane.record.broken === undefined) return;
  await lane.save({ broken: undefined, chain: [], reds: [] }, (tx) =>
    clearAlert(tx, alertKey(engine), reason),
  );
}

/** Why a broken target need not be believed in any longer; undefined while it must. */
export function staleBroken(engine: Engine, base: string): string | undefined {
  const { broken } = engine.lane.record;
  if (broken === undefined) return undefined;
  if (broken.base !== base) return 'the target has moved';
  const now = engine.ctx.ports.clock.now();
  return isRecent(broken.since, { now, within: BELIEVE_MS }) ? undefined : 'asked again after an hour';
}

/** The next one to try alone on a broken target, by score; undefined when all were. */
export function nextSingle(engine: Engine, candidates: readonly PinnedRequest[]): PinnedRequest | undefined {
  const tried = new Set(engine.lane.record.broken?.tried ?? []);
  const compare = byScore(engine.ctx.ports.clock.now());
  return candidates
    .filter(({ mr, head }) => !tried.has(triedKey(mr.id, head)) && mr.group === undefined)
    .toSorted((left, right) => compare(left.mr, right.mr))[0];
}

function triedKey(mr: string, head: string): string {
  return `${mr}@${head}`;
}

function alertKey({ rig, lane }: Engine): string {
  return `mq-target-broken ${rig.name} ${lane.record.target}`;
}
