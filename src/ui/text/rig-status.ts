import { oneLine } from '../../core/text.ts';
import type { RigStatus } from '../../watchdog/rig-status.ts';
import { agentLine } from './agent-line.ts';
import type { Paint } from './paint.ts';

export interface RigStatusView extends RigStatus {
  readonly prefix: string;
  readonly gitUrl: string;
  readonly pushUrl: string | undefined;
  readonly defaultBranch: string;
  readonly path: string;
  /** Unix ms. */
  readonly now: number;
}

export function renderRigStatus(
  rig: RigStatusView,
  { paint, columns }: { readonly paint: Paint; readonly columns: number },
): string {
  const { view, beads } = rig;
  return [
    `${paint.bold(view.name)}${view.closed === undefined ? '' : paint.yellow(` (${view.closed})`)}`,
    `  repository ${rig.gitUrl}, branch ${rig.defaultBranch}`,
    ...(rig.pushUrl === undefined ? [] : [`  pushes to  ${rig.pushUrl}`]),
    `  folder     ${rig.path}`,
    `  beads      ${rig.prefix}-…: ${beads.open} open, ${beads.ready} ready, ${beads.inWork} in work, ${beads.queued} waiting for a worker, ${beads.blocked} blocked`,
    `  refinery   ${rig.engineOn ? `engine on (${view.merge.engine})` : 'engine off'}, ${view.merge.requests.length} to land`,
    ...view.merge.waiting.map((line) => `             ${oneLine(line)}`),
    `Polecats (workers, ${view.polecats.length})`,
    ...view.polecats.map((agent) => agentLine(agent, rig.now, { paint, columns })),
  ].join('\n');
}
