import { counted, oneLine } from '../../../core/text.ts';
import type { Examined } from './doctor.ts';

const MARKS = { ok: '✓', warning: '!', error: '✗', fixed: '✓' } as const;
const SHOWN = 5;

/** What is wrong and what helps; with `verbose` also what is right. */
export function renderDoctor(
  examined: readonly Examined[],
  { verbose, fixed }: { readonly verbose: boolean; readonly fixed: boolean },
): string {
  const databases = new Set(examined.map(({ database }) => database));
  const shown = examined.filter(({ outcome }) => verbose || outcome !== 'ok');
  const lines = shown.flatMap((report) => checkLines(report, databases.size > 2, fixed));
  return [...lines, ...(lines.length === 0 ? [] : ['']), summary(examined, fixed)].join('\n');
}

function checkLines(report: Examined, named: boolean, isRepair: boolean): readonly string[] {
  const { outcome, title, found, remedy, database } = report;
  const where = named && database !== '' ? ` (${database})` : '';
  const words = wordsOf(report, isRepair);
  return [
    `${MARKS[outcome]} ${title}${where}`,
    ...found.slice(0, SHOWN).map((line) => `    ${oneLine(line)}`),
    ...(found.length > SHOWN ? [`    and ${found.length - SHOWN} more`] : []),
    ...(found.length === 0 ? [] : [`  ${words}: ${remedy}`]),
  ];
}

function wordsOf({ outcome, byHand }: Examined, isRepair: boolean): string {
  if (outcome === 'fixed') return 'Repaired';
  if (byHand === true) return 'To do by hand';
  return isRepair ? 'Not repaired; --fix' : '--fix';
}

function summary(examined: readonly Examined[], isRepair: boolean): string {
  const of = (outcome: Examined['outcome']) => examined.filter((one) => one.outcome === outcome).length;
  const [errors, warnings, fixed] = [of('error'), of('warning'), of('fixed')];
  if (errors + warnings + fixed === 0) return `${counted(examined.length, 'check')}, nothing found`;
  const parts = [counted(errors, 'error'), counted(warnings, 'warning'), `${fixed} repaired`];
  const next = !isRepair && errors + warnings > 0 ? '. Repair what can be repaired: bd doctor --fix' : '';
  return `${counted(examined.length, 'check')}: ${parts.join(', ')}${next}`;
}
