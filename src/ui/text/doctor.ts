import { counted, oneLine } from '../../core/text.ts';
import type { CheckGroup } from '../../watchdog/doctor/check.ts';
import type { DoctorReport } from '../../watchdog/doctor/run.ts';
import type { Paint } from './paint.ts';

const GROUPS: Readonly<Record<CheckGroup, string>> = {
  machine: 'Machine',
  town: 'Town',
  configuration: 'Configuration',
  ledger: 'Ledger',
  rigs: 'Rigs (projects)',
  running: 'What runs',
};
const SHOWN = 5;

interface DoctorTextOptions {
  /** Also what is well, and everything that was found. */
  readonly verbose: boolean;
  readonly fix: boolean;
  /** Checks that took longer are named; undefined = none are. */
  readonly slowMs: number | undefined;
}

type Announced = Pick<DoctorReport, 'group' | 'title' | 'remedy' | 'found'>;

/** The lines of `gt doctor` as it goes on: a heading where its group first has something to say. */
export function createDoctorText(paint: Paint, { verbose, fix, slowMs }: DoctorTextOptions) {
  let group: CheckGroup | undefined;
  const headed = (at: CheckGroup, lines: readonly string[]): readonly string[] => {
    if (lines.length === 0 || at === group) return lines;
    const gap = group === undefined ? [] : [''];
    group = at;
    return [...gap, paint.bold(GROUPS[at]), ...lines];
  };
  const listed = (found: readonly string[]): readonly string[] => {
    const most = verbose ? found.length : SHOWN;
    const more = found.length > most ? [`      and ${found.length - most} more (gt doctor -v)`] : [];
    return [...found.slice(0, most).map((line) => `      ${oneLine(line, 400)}`), ...more];
  };
  return {
    before: ({ group: at, title, remedy, found }: Announced): readonly string[] =>
      headed(at, [`  … ${title}: ${counted(found.length, 'thing')} wrong; ${remedy}`]),
    after(report: DoctorReport): readonly string[] {
      const { outcome, title, found, remedy, byHand, ms, follows } = report;
      if (follows === true && !verbose) return [];
      const slow = slowMs !== undefined && ms > slowMs ? ` (${(ms / 1000).toFixed(1)} s)` : '';
      if (outcome === 'ok')
        return headed(
          report.group,
          verbose || slow !== '' ? [`  ${mark(report, paint)} ${title}${slow}`] : [],
        );
      const next =
        outcome === 'fixed' || outcome === 'skipped'
          ? []
          : [`    ${byHand === true ? 'To do' : fix ? 'Not repaired' : 'gt doctor --fix'}: ${remedy}`];
      return headed(report.group, [
        `  ${mark(report, paint)} ${title}${outcome === 'fixed' ? ' (repaired)' : ''}${slow}`,
        ...listed(found),
        ...next,
      ]);
    },
    end(reports: readonly DoctorReport[]): string {
      const of = (outcome: DoctorReport['outcome']): number =>
        reports.filter((one) => one.outcome === outcome).length;
      const [errors, warnings, fixed] = [of('error'), of('warning'), of('fixed')];
      const skipped = of('skipped');
      if (errors + warnings + fixed + skipped === 0)
        return `${paint.green('✓')} ${counted(reports.length, 'check')}, all well`;
      return `\n${counted(reports.length, 'check')}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}, ${fixed} repaired${skipped === 0 ? '' : `, ${skipped} not looked at`}`;
    },
  };
}

function mark({ outcome }: DoctorReport, paint: Paint): string {
  if (outcome === 'error') return paint.red('✖');
  if (outcome === 'skipped') return paint.dim('-');
  return outcome === 'warning' ? paint.yellow('⚠') : paint.green('✓');
}
