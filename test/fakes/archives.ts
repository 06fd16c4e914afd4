import { DatabaseSync } from 'node:sqlite';
import type { Archives } from '../../src/ports/archives.ts';
import { BugError, UnreadableError, messageOf } from '../../src/core/errors.ts';
import type { Files } from '../../src/ports/files.ts';
import type { SqlRow } from '../../src/ports/store.ts';

export interface FakeArchives extends Archives {
  /** Puts an SQLite file at `path`, filled by statements. */
  database(path: string, sql: string): void;
}

/** Lines of the fake files; databases in memory. */
export function createFakeArchives({ files }: { readonly files: Pick<Files, 'readText'> }): FakeArchives {
  const databases = new Map<string, DatabaseSync>();
  return {
    database(path, sql) {
      const database = new DatabaseSync(':memory:');
      database.exec(sql);
      databases.set(path, database);
    },
    async lines(path, { from = 0, holding }, visit) {
      if (holding !== undefined && !/^[\u0020-\u007E]+$/.test(holding)) {
        throw new BugError({ code: 'bug.bad-needle', message: 'plain ASCII only' });
      }
      const text = await files.readText(path, Math.max(0, from - 1));
      if (text === undefined) return false;
      const begin = from === 0 ? 0 : text.indexOf('\n') + 1;
      if (from > 0 && begin === 0) return true;
      const lines = text.slice(begin).split('\n');
      if (lines.at(-1) === '') lines.pop();
      const wanted = lines.filter((line) => line.toLowerCase().includes((holding ?? '').toLowerCase()));
      if (wanted.length > 0) visit(wanted);
      return true;
    },
    async rows(path, sql, values) {
      const database = databases.get(path);
      if (database === undefined) return undefined;
      try {
        return database.prepare(sql).all(...(values as readonly (string | number | null)[])) as SqlRow[];
      } catch (error) {
        throw new UnreadableError({ code: 'files.unreadable', message: messageOf(error) });
      }
    },
  };
}
