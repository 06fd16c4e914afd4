import type { Paint } from './paint.ts';

/** What was left where when a workspace was removed. */
export interface RemovedParts {
  readonly steps: readonly string[];
  /** Beads that it held. */
  readonly released: readonly string[];
  readonly rescued: readonly string[];
  /** The commands that bring back what only it had. */
  readonly read_back: readonly string[];
  readonly set_aside?: string;
}

/** What a person needs to know of a workspace that is gone. */
export function goneLines(
  what: string,
  { released, read_back, set_aside }: Omit<RemovedParts, 'steps' | 'rescued'>,
  paint: Paint,
): readonly string[] {
  return [
    `${paint.green('✓')} ${what} is gone`,
    ...released.map((bead) => `  ${bead} is open again; it had held it`),
    ...(read_back.length === 0 ? [] : ['  what only it had is kept; read it back with:']),
    ...read_back.map((command) => `    ${command}`),
    ...(set_aside === undefined ? [] : [`  files git could not read are now in ${set_aside}`]),
  ];
}
