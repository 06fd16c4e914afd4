import type { Paint } from './paint.ts';

export interface AdoptView {
  readonly problems: readonly { readonly what: string; readonly hint: string }[];
  readonly kept: readonly string[];
  readonly changed: readonly string[];
  readonly ignored: readonly string[];
}

export function renderAdoptPlan(
  plan: AdoptView,
  { state, paint }: { readonly state: 'possible' | 'refused' | 'adopted'; readonly paint: Paint },
): string {
  if (state === 'refused') {
    return [
      `${paint.red('✖')} This town cannot be adopted as it is; nothing was changed:`,
      ...plan.problems.flatMap(({ what, hint }) => [`  ${what}`, `    ${paint.dim(`→ ${hint}`)}`]),
    ].join('\n');
  }
  const done = state === 'adopted';
  const title = done ? `${paint.green('✓')} The town is adopted.` : 'This town would be adopted like this:';
  const next = done
    ? [
        'Next: gt up && gt doctor --fix (guards, redirects and rights of files as in our own towns).',
        'When all is well: gt upgrade --confirm. To take it back: gt down && gt upgrade --revert',
      ]
    : ['A backup is made first, and until you confirm it can be taken back. Do it: gt upgrade --adopt'];
  return [
    title,
    ...section(paint.bold('Kept'), plan.kept),
    ...section(paint.bold('Changed'), plan.changed),
    ...section(paint.bold('Ignored'), plan.ignored),
    '',
    ...next,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}
