import { oneLine } from '../../core/text.ts';
import type { LaneStatus, RefineryStatus } from '../../refinery/status.ts';
import type { Paint } from './paint.ts';

/** `gt refinery status`. @param start the command that starts it */
export function renderRefinery(
  status: RefineryStatus,
  { running, start, paint }: { readonly running: boolean; readonly start: string; readonly paint: Paint },
): string {
  const lamp = running ? `${paint.green('●')} running` : `${paint.yellow('○')} stopped`;
  const queue = `${status.queued} in the queue, ${status.gateRuns} gate runs so far`;
  return [
    `Refinery (merge queue) of ${paint.bold(status.rig)}: ${lamp}, ${queue}`,
    `  gates     ${status.gates.length === 0 ? 'none: what lands is untested' : status.gates.join(', ')}`,
    ...status.lanes.map((lane) => `  ${oneLine(lane.target, 40).padEnd(9)} ${laneText(lane)}`),
    ...status.waiting.map((line) => `  waits: ${oneLine(line, 300)}`),
    ...(running ? [] : ['', `Start it with: ${start}`]),
  ].join('\n');
}

function laneText({ state, chain, since }: LaneStatus): string {
  const links = chain > 0 ? `, ${chain} in the chain` : '';
  return `${state}${links}${since === '' ? '' : ` since ${since}`}`;
}

/** `gt mq process --dry-run`: the order, without looking at the remote. */
export function renderPlan(status: RefineryStatus): string {
  const next = status.items.filter(({ mr, phase }) => phase !== 'evicted' && !mr.bead.isBlocked);
  if (next.length === 0) return `${status.rig}: nothing to land`;
  const gates = status.gates.length === 0 ? 'no gates: untested' : `gates: ${status.gates.join(', ')}`;
  return [
    `${status.rig} would land, in this order (${gates}):`,
    ...next.map(({ mr }, index) => `  ${index + 1}. ${mr.id}  ${oneLine(mr.branch)}`),
    ...status.waiting.map((line) => `  waits: ${oneLine(line, 300)}`),
  ].join('\n');
}
