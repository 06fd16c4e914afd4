/** The server did not answer in time; the connection is of no use after this. */
class StatementTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}

/**
 * Rejects after `ms`. Instead of the driver's own limit: its timer outlives a connection that breaks, and so keeps
 * a finished process alive for the rest of the time.
 */
export async function withTimeLimit<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StatementTimeout(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
