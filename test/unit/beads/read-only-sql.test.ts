import { expect, test } from 'vitest';
import { readOnly } from '../../../src/beads/place/read-only-sql.ts';
import { createFakeStore } from '../../fakes/store.ts';

async function run(statement: string): Promise<unknown> {
  const store = createFakeStore();
  try {
    return await readOnly(await store.create('fx', { prefix: 'fx', projectId: 'p' }), statement);
  } finally {
    await store.close();
  }
}

test.each([
  "SELECT 1 INTO OUTFILE '/tmp/x'",
  "select 1 into/* a ' */dumpfile '/tmp/x'",
  "WITH x AS (SELECT 1) SELECT * FROM x /*! INTO OUTFILE '/tmp/x' */",
  'DELETE FROM issues',
])('what writes is refused: %s', async (statement) => {
  await expect(run(statement)).rejects.toMatchObject({ code: 'beads.sql-writes' });
});

test.each(["SELECT 'into outfile' AS n", 'SELECT 1 AS n -- into outfile'])(
  'words in a text or comment are no statement: %s',
  async (statement) => {
    await expect(run(statement)).resolves.toHaveLength(1);
  },
);
