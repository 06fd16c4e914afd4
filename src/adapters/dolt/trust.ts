import type { DoltServerFacts } from '../../ports/dolt-probe.ts';
import { readServerFacts, type AnsweredFacts } from './facts.ts';
import type { PinnedConnection } from './pool.ts';

/** All times are UTC; a server may have autocommit off, then a lone statement would be dropped. */
const SESSION_SETUP = "SET time_zone = '+00:00', autocommit = 1";

/** Throws when the server that says this of itself is not the one we mean. */
export type ProveServer = (facts: DoltServerFacts) => Promise<void>;

/**
 * Lets no connection be used whose server was not proven: it may be another one than a moment ago (P4). Its session is
 * set up where the server's is another way by itself: asking costs nothing, saying it a turn.
 */
export interface Trust {
  admit(this: void, connection: PinnedConnection): Promise<void>;
  /** What the server said when it last admitted a connection; undefined = none has answered this process. */
  facts(): DoltServerFacts | undefined;
}

export function createTrust(prove: ProveServer | undefined): Trust {
  let proven: string | undefined;
  let last: DoltServerFacts | undefined;
  return {
    async admit(connection) {
      const facts = await readServerFacts(connection);
      const mark = markOf(facts);
      if (mark === undefined || mark !== proven) await prove?.(facts);
      if (!facts.isSetUp) await connection.run(SESSION_SETUP);
      proven = mark;
      last = facts;
    },
    facts: () => last,
  };
}

/**
 * What tells servers of different data folders apart and outlives a restart; undefined when the server does not
 * know its folder: those of one user share the id.
 */
function markOf({ serverId, dataDir }: AnsweredFacts): string | undefined {
  return dataDir === '' ? undefined : `${serverId} ${dataDir}`;
}
