import type { Paint } from './paint.ts';

export interface ReleaseView {
  readonly bead: string;
  readonly agent: string;
  readonly steps: readonly string[];
  readonly read_back: readonly string[];
  readonly dry_run: boolean;
}

export function renderRelease(view: ReleaseView, paint: Paint): string {
  if (view.dry_run) return `Would take ${view.bead} off ${view.agent}: ${view.steps.join(', ')}`;
  return [
    `${paint.green('✓')} ${view.bead} is open again, off ${view.agent}`,
    ...(view.read_back.length === 0 ? [] : ['  what was in its worktree is kept; read it back with:']),
    ...view.read_back.map((command) => `    ${command}`),
  ].join('\n');
}
