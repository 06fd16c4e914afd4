import type { DownReport } from '../../watchdog/down.ts';
import type { ShutdownPlan, ShutdownReport, ShutdownWishes } from '../../watchdog/shutdown.ts';
import type { Survivor } from '../../watchdog/survivors.ts';
import type { Paint } from './paint.ts';

export function renderDown(
  report: DownReport,
  { paint, quiet }: { readonly paint: Paint; readonly quiet: boolean },
): string {
  const { sessions, daemonPid, storePid, survivors, troubles } = report;
  const done = [
    ...sessions.map((session) => `${paint.green('✓')} session ${session} ended`),
    ...(daemonPid === undefined ? [] : [`${paint.green('✓')} daemon ended (pid ${daemonPid})`]),
    ...(storePid === undefined ? [] : [`${paint.green('✓')} Dolt server ended (pid ${storePid})`]),
  ];
  const bad = [
    ...troubles.map((trouble) => `${paint.red('✖')} ${trouble}`),
    ...survivors.map(({ pid, what }) => `${paint.red('✖')} still alive: pid ${pid}, ${what}`),
  ];
  const last =
    bad.length === 0 ? 'The town is down. Start it again: gt up' : 'Something of the town still lives';
  return [...(quiet ? [] : done), ...bad, ...(quiet && bad.length === 0 ? [] : [last])].join('\n');
}

export function renderDownPlan(survivors: readonly Survivor[]): string {
  if (survivors.length === 0) return 'Nothing of this town runs';
  return ['Would stop:', ...survivors.map(({ pid, what }) => `  pid ${pid}, ${what}`)].join('\n');
}

export function renderShutdownPlan(
  { sessions, worktrees, kept, daemon }: ShutdownPlan,
  { dirty }: Pick<ShutdownWishes, 'dirty'>,
): string {
  const rescued = dirty === 'rescue' ? '; work in it would be kept in a rescue ref' : '';
  const lines = [
    ...sessions.map((session) => `  session ${session} would end`),
    ...worktrees.map((polecat) => `  the worktree of ${polecat} would go${rescued}`),
    ...kept.map(({ polecat, why }) => `  the worktree of ${polecat} would stay: ${why}`),
    ...(daemon ? ['  the daemon would end'] : []),
  ];
  return lines.length === 0 ? 'Nothing of this town runs, and no polecat has a worktree' : lines.join('\n');
}

export function renderShutdown(
  report: ShutdownReport,
  { paint, scope }: { readonly paint: Paint; readonly scope: 'town' | 'polecats' },
): string {
  const { removed, kept, readBack, sessions, troubles } = report;
  const tidied = [
    ...removed.map((polecat) => `${paint.green('✓')} worktree of ${polecat} removed`),
    ...readBack.map((command) => `    what only it had: ${command}`),
    ...kept.map(({ polecat, why }) => `  worktree of ${polecat} kept: ${why}`),
  ];
  const stopped =
    scope === 'town'
      ? renderDown(report, { paint, quiet: false })
      : [
          ...sessions.map((session) => `${paint.green('✓')} session ${session} ended`),
          ...troubles.map((trouble) => `${paint.red('✖')} ${trouble}`),
        ].join('\n');
  return [...tidied, stopped].filter((text) => text !== '').join('\n');
}
