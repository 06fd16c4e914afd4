import type { Paint } from './paint.ts';

export interface InstalledView {
  readonly root: string;
  readonly name: string;
  readonly store: 'sqlite' | 'dolt';
  readonly notes: readonly string[];
}

export function renderInstalled(town: InstalledView, paint: Paint): string {
  const ledger = town.store === 'sqlite' ? 'SQLite, inside the town' : 'Dolt server';
  return [
    `${paint.green('✓')} Town ${paint.bold(town.name)} is ready at ${town.root}`,
    `  ledger: ${ledger}`,
    ...town.notes.map((note) => `  ${paint.dim(note)}`),
    '',
    'Next:',
    `  cd ${town.root}`,
    '  gt rig add <name> <git-url>      add a project',
    '  gt up                            start the daemon',
  ].join('\n');
}
