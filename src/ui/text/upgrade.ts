import type { Paint } from './paint.ts';

export interface UpgradeView {
  readonly state: 'current' | 'pending' | 'upgraded';
  readonly restarted: boolean;
  readonly verbose: boolean;
  readonly paint: Paint;
}

export function renderUpgrade(
  steps: readonly { readonly kind: string; readonly what: string }[],
  { state, restarted, verbose, paint }: UpgradeView,
): string {
  const titles = {
    current: `${paint.green('✓')} The town is up to date`,
    pending: 'Would bring up to date (gt upgrade does it):',
    upgraded: `${paint.green('✓')} The town was brought up to date:`,
  };
  const checked = 'looked at: schema of the ledger, hooks, formulas, defaults of the daemon, CLAUDE.md';
  return [
    titles[state],
    ...steps.map(({ kind, what }) => (kind === 'skip' ? paint.dim(`  ${what}`) : `  ${what}`)),
    ...(verbose ? [`  ${paint.dim(checked)}`] : []),
    ...(restarted ? ['  the daemon was started again'] : []),
  ].join('\n');
}
