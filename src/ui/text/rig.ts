import type { Paint } from './paint.ts';
import { renderTable } from './table.ts';

export interface RigListRow {
  readonly name: string;
  readonly prefix: string;
  readonly status: 'operational' | 'parked' | 'docked' | 'error';
  readonly witness: 'running' | 'stopped';
  readonly refinery: 'running' | 'stopped';
  readonly polecats: number;
  readonly crew: number;
}

export function renderRigList(rows: readonly RigListRow[], paint: Paint): string {
  if (rows.length === 0) return 'No rigs yet. Add a project: gt rig add <name> <git-url>';
  return renderTable<RigListRow>(
    [
      { title: 'Rig (project)', value: (row) => `${lamp(row, paint)} ${row.name}` },
      { title: 'Prefix', value: (row) => row.prefix },
      { title: 'Status', value: (row) => row.status },
      { title: 'Refinery', value: (row) => row.refinery },
      { title: 'Polecats', value: (row) => String(row.polecats), align: 'right' },
      { title: 'Crew', value: (row) => String(row.crew), align: 'right' },
    ],
    rows,
  );
}

function lamp(row: RigListRow, paint: Paint): string {
  if (row.status === 'error') return paint.red('✖');
  if (row.status !== 'operational') return paint.dim('○');
  return row.refinery === 'running' ? paint.green('●') : paint.yellow('○');
}

export interface RigAddedView {
  readonly name: string;
  readonly prefix: string;
  readonly default_branch: string;
  readonly path: string;
}

export function renderRigAdded(rig: RigAddedView, paint: Paint): string {
  return [
    `${paint.green('✓')} Rig ${paint.bold(rig.name)} is ready`,
    `  beads ${rig.prefix}-…, branch ${rig.default_branch}, folder ${rig.path}`,
    '',
    'Next:',
    `  cd ${rig.path}`,
    '  bd create "<what is to do>"      write down a piece of work',
    `  ${`gt sling <bead> ${rig.name}`.padEnd(32)} give it to a worker`,
  ].join('\n');
}

export interface RigRemovedView {
  readonly name: string;
  readonly path: string;
  readonly stopped_sessions: readonly string[];
  readonly rescued: readonly { readonly path: string; readonly command: string }[];
}

export function renderRigRemoved(rig: RigRemovedView, paint: Paint): string {
  return [
    `${paint.green('✓')} Rig ${paint.bold(rig.name)} is no longer part of the town`,
    ...rig.stopped_sessions.map((session) => `  stopped ${session}`),
    ...rig.rescued.flatMap(({ path, command }) => [
      `  kept what was in ${path}; read it back with:`,
      `    ${command}`,
    ]),
    `  its files stay at ${rig.path}`,
  ].join('\n');
}

export interface MovedRigView {
  readonly rig: string;
  readonly stopped: readonly string[];
  readonly daemon: boolean;
}

const MOVED = {
  start: (rig: string) =>
    `Rig ${rig} is started: its merge engine is on, agents that hold work go on with it`,
  stop: (rig: string) => `Rig ${rig} is stopped; agents keep what they hold. Start it: gt rig start ${rig}`,
  restart: (rig: string) => `Rig ${rig} is started again`,
  park: (rig: string) =>
    `Rig ${rig} is parked on this machine: no work is given to it. Open it: gt rig unpark ${rig}`,
  unpark: (rig: string) => `Rig ${rig} is open again`,
  dock: (rig: string) =>
    `Rig ${rig} is docked on all machines that share its beads. Open it: gt rig undock ${rig}`,
  undock: (rig: string) => `Rig ${rig} is open again on all machines`,
} as const;

/** `gt rig start|stop|park …`. */
export function renderMovedRigs(
  move: keyof typeof MOVED,
  moved: readonly MovedRigView[],
  paint: Paint,
): string {
  const lines = moved.flatMap(({ rig, stopped }) => [
    `${paint.green('✓')} ${MOVED[move](rig)}`,
    ...stopped.map((session) => `  stopped ${session}`),
  ]);
  const goesOn = ['start', 'restart', 'unpark', 'undock'].includes(move);
  const note = goesOn && moved.some(({ daemon }) => !daemon) ? ['The daemon does not run: gt up'] : [];
  return [...lines, ...note].join('\n');
}
