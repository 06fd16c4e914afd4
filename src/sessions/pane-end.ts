import type { PaneState } from '../ports/panes.ts';

/** Why a host says that its agent ended: what it was asked, or how the process went. */
export function endOf({ reason, exit }: PaneState): string | undefined {
  if (reason !== undefined) return reason;
  if (exit === undefined) return undefined;
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return exit.code === 0 ? undefined : `exit ${exit.code}`;
}
