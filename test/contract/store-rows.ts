import type { SqlSession, Store } from '../../src/ports/store.ts';

/** A store under test: `open` gives another process's view of the same place. */
export interface StoreUnderTest {
  readonly open: (options?: { readonly projectIdOf?: () => Promise<string | undefined> }) => Store;
  /** A database name that no other test uses. */
  readonly freshName: () => string;
}

export const IDENTITY = { prefix: 'gt', projectId: '5b0e5a51-5f5c-4f9e-9d38-0a2c31c9a6f7' } as const;

export function insertIssue(sql: SqlSession, id: string, title = 'a title'): Promise<number> {
  return sql.run(
    'INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES (?, ?, ?, ?, ?, ?)',
    [id, title, '', '', '', ''],
  );
}

export async function titlesOf(sql: SqlSession): Promise<readonly unknown[]> {
  return (await sql.query('SELECT title FROM issues ORDER BY id')).map((row) => row['title']);
}

export async function numbers(db: SqlSession, sql: string): Promise<readonly unknown[]> {
  return (await db.query(sql)).map((row) => row['n']);
}
