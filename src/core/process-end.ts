/** What is known of an end: the words of whoever asked for it, the code or signal of the process. */
export interface ProcessEnd {
  readonly reason?: string;
  readonly exit?: { readonly code: number | null; readonly signal: string | null };
}

/** Why a process ended, in words; undefined when it ended by itself and with success. */
export function endOf({ reason, exit }: ProcessEnd): string | undefined {
  if (reason !== undefined) return reason;
  if (exit === undefined) return undefined;
  if (exit.signal !== null) return `killed by ${exit.signal}`;
  return exit.code === 0 ? undefined : `exit ${exit.code}`;
}
