import type { DoltServerFacts } from '../../ports/dolt-probe.ts';
import { readServerFacts } from './facts.ts';
import type { PinnedConnection } from './pool.ts';

/** Throws when the server that says this of itself is not the one we mean. */
export type ProveServer = (facts: DoltServerFacts) => Promise<void>;

/** Lets no connection be used whose server was not proven: it may be another one than a moment ago (P4). */
export interface Trust {
  admit(this: void, connection: PinnedConnection): Promise<void>;
  /** A proven server has answered this process. */
  hasAnswered(): boolean;
}

export function createTrust(prove: ProveServer | undefined): Trust {
  let proven: string | undefined;
  let answered = false;
  return {
    async admit(connection) {
      const mark = await readMark(connection);
      if (mark === undefined || mark !== proven) await prove?.(await readServerFacts(connection));
      proven = mark;
      answered = true;
    },
    hasAnswered: () => answered,
  };
}

/**
 * What tells servers of different data folders apart and outlives a restart; undefined when the server does not
 * know its folder: those of one user share the id.
 */
async function readMark(connection: PinnedConnection): Promise<string | undefined> {
  const [row] = await connection.query('SELECT @@server_uuid AS id, @@datadir AS data_dir');
  const dataDir = String(row?.['data_dir'] ?? '');
  return dataDir === '' ? undefined : `${String(row?.['id'])} ${dataDir}`;
}
