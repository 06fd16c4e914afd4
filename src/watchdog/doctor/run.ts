import type { CheckReport } from '../../beads/doctor/run.ts';
import { BugError, GtError, messageOf } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CheckGroup, DoctorCheck } from './check.ts';

/** What became of a check of the town. */
export interface DoctorReport extends Omit<CheckReport, 'outcome'> {
  readonly group: CheckGroup;
  /** `skipped` = not looked at, `found` says why. */
  readonly outcome: CheckReport['outcome'] | 'skipped';
  /** Skipped because of an earlier check that says it already. */
  readonly follows?: true;
  readonly ms: number;
}

export interface DoctorRun {
  /** Repair what can be repaired without losing anything. */
  readonly fix: boolean;
  readonly clock: Clock;
  /** Told before a repair: what was found and what is about to be done. */
  readonly onFix: (check: Pick<DoctorReport, 'group' | 'title' | 'remedy' | 'found'>) => void;
  /** Told as each check ends. */
  readonly onReport: (report: DoctorReport) => void;
}

/** All checks in their order, each looked at again after its repair. A check that cannot look has not found all well. */
export async function runDoctor<On>(
  checks: readonly DoctorCheck<On>[],
  site: On,
  run: DoctorRun,
): Promise<readonly DoctorReport[]> {
  const reports: DoctorReport[] = [];
  for (const check of checks) {
    const begin = run.clock.monotonic();
    const missing = reports.find(({ name, outcome }) => name === check.after && isInTheWay(outcome));
    const report = await runCheck(check, site, { ...run, skip: missing?.title });
    const timed = { ...report, group: check.group, ms: run.clock.monotonic() - begin };
    run.onReport(timed);
    reports.push(timed);
  }
  return reports;
}

function isInTheWay(outcome: DoctorReport['outcome']): boolean {
  return outcome === 'error' || outcome === 'skipped';
}

async function runCheck<On>(
  check: DoctorCheck<On>,
  site: On,
  run: DoctorRun & { readonly skip: string | undefined },
): Promise<Omit<DoctorReport, 'group' | 'ms'>> {
  const { name, title, remedy, severity } = check;
  const facts = { name, title, remedy, ...(check.fix === undefined ? { byHand: true as const } : {}) };
  const skipped = run.skip === undefined ? await reasonNotTo(check, site) : `not known whether: ${run.skip}`;
  if (skipped !== undefined) {
    const follows = run.skip === undefined ? {} : { follows: true as const };
    return { ...facts, ...follows, found: [skipped], outcome: 'skipped' };
  }
  const found = await look(check, site);
  if (found.length === 0) return { ...facts, found, outcome: 'ok' };
  if (!run.fix || check.fix === undefined) return { ...facts, found, outcome: severity };
  run.onFix({ group: check.group, title, remedy, found });
  const trouble = await repair(check.fix, site);
  const left = await look(check, site);
  if (left.length === 0) return { ...facts, found, outcome: 'fixed' };
  return { ...facts, found: [...left, ...trouble], outcome: severity };
}

/** What cannot tell leaves it to the look itself. */
async function reasonNotTo<On>({ unless }: DoctorCheck<On>, site: On): Promise<string | undefined> {
  try {
    return await unless?.(site);
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return undefined;
  }
}

async function look<On>(check: DoctorCheck<On>, site: On): Promise<readonly string[]> {
  try {
    return await check.detect(site);
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return [`could not look: ${messageOf(error)}`];
  }
}

async function repair<On>(fix: (site: On) => Promise<void>, site: On): Promise<readonly string[]> {
  try {
    await fix(site);
    return [];
  } catch (error) {
    if (!(error instanceof GtError) || error instanceof BugError) throw error;
    return [`not repaired: ${messageOf(error)}`];
  }
}
