import { counted, oneLine } from '../../core/text.ts';
import type { TickReport } from '../../refinery/report.ts';
import type { Paint } from './paint.ts';

const STATES: Readonly<Record<TickReport['state'], string>> = {
  idle: 'nothing to do',
  done: 'done',
  held: 'another engine works on it',
  disabled: 'switched off (merge_queue.enabled is false)',
  stopped: 'told to stop',
  lost: 'somebody else has taken over',
};

/** What one pass of the merge engine did. */
export function renderReport(report: TickReport, paint: Paint): string {
  return [
    ...report.landed.map(
      ({ mr, branch, commit }) =>
        `${paint.green('✓')} landed ${mr}  ${oneLine(branch)}  ${commit.slice(0, 10)}`,
    ),
    ...report.evicted.map(
      ({ mr, branch, why }) => `${paint.red('✖')} sent back ${mr}  ${oneLine(branch)}: ${oneLine(why)}`,
    ),
    ...report.conflicts.map(
      ({ mr, task, paths }) =>
        `${paint.yellow('⚠')} conflict ${mr} in ${oneLine(paths.join(', '))}: ${task === undefined ? 'given up' : `task ${task}`}`,
    ),
    ...report.waiting.map((line) => `  waits: ${oneLine(line, 300)}`),
    summaryLine(report),
  ].join('\n');
}

function summaryLine({ rig, state, landed, evicted, conflicts, runs, untested }: TickReport): string {
  const acted = landed.length + evicted.length + conflicts.length > 0;
  if (!acted) return `${rig}: ${STATES[state]}${runs > 0 ? `, ${gateRuns(runs)}` : ''}`;
  const parts = [
    `${landed.length} landed`,
    ...(evicted.length > 0 ? [`${evicted.length} sent back`] : []),
    ...(conflicts.length > 0 ? [`${conflicts.length} in conflict`] : []),
    gateRuns(runs),
    ...(untested ? ['untested: no gates are set'] : []),
  ];
  return `${rig}: ${parts.join(', ')}`;
}

function gateRuns(runs: number): string {
  return counted(runs, 'gate run');
}
