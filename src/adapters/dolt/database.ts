import type { Database } from '../../ports/store.ts';
import { createNestingGuard } from '../sql/nesting.ts';
import { createQueue } from '../sql/queue.ts';
import { doltDialect } from './dialect.ts';
import { translateError } from './errors.ts';
import type { DoltLink } from './link.ts';
import { runTransaction } from './transaction.ts';

/**
 * One database of the server. Transactions of this process wait here for their turn, not on the server: a dozen
 * connections waiting for the graph lock would leave none for reads.
 */
export function createDoltDatabase(link: DoltLink, name: string): Omit<Database, 'prefix'> {
  const queue = createQueue();
  const nesting = createNestingGuard(name);
  const transaction: Database['transaction'] = async (work, { landed } = {}) => {
    nesting.check();
    const options = landed === undefined ? {} : { landed: nesting.mark(landed) };
    const request = { database: name, work: nesting.mark(work), options };
    return queue.run(() => runTransaction(link, request));
  };
  return {
    name,
    dialect: doltDialect,
    async query(sql, values) {
      try {
        return await link.retry(name, (connection) => connection.query(sql, values));
      } catch (error) {
        throw translateError(error, link.label, name);
      }
    },
    run: (sql, values) => transaction((session) => session.run(sql, values)),
    transaction,
  };
}
