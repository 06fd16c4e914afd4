import { formatAge } from '../../core/duration.ts';
import { oneLine } from '../../core/text.ts';
import type { DaemonView } from '../../watchdog/daemon-protocol.ts';
import type { DaemonStatus } from '../../watchdog/daemon-status.ts';
import type { Paint } from './paint.ts';

export function renderDaemonStatus(
  status: DaemonStatus,
  { own, now, paint }: { readonly own: DaemonView | undefined; readonly now: number; readonly paint: Paint },
): string {
  if (!status.running) return 'The daemon does not run. Start the town: gt up';
  const age = (time: string): string => formatAge(now - (Date.parse(time) || now));
  return [
    `${paint.green('●')} Daemon runs, pid ${status.pid}, up ${age(status.startedAt)}`,
    status.lastHeartbeat === ''
      ? '  no heartbeat yet'
      : `  heartbeat #${own?.heartbeats ?? status.heartbeats}, ${age(status.lastHeartbeat)} ago`,
    ...(own === undefined ? [`  ${paint.yellow('it does not answer: it may be busy')}`] : []),
    ...(own?.engines ?? []).map(
      ({ rig, state, waiting }) =>
        `  refinery of ${rig}: ${state}${waiting.length === 0 ? '' : ` · ${oneLine(waiting.join('; '), 100)}`}`,
    ),
    ...(own?.troubles ?? []).map((trouble) => `  ${paint.red('⚠')} ${oneLine(trouble, 160)}`),
  ].join('\n');
}
