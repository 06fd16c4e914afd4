import { openStore, type StorePlace } from '../support/open-store.ts';

/** What the parent passes as JSON. */
export interface StoreWorkerInput {
  readonly place: StorePlace;
  readonly database: string;
  /** Ids are `<prefix>-<n>`, n from 0. */
  readonly prefix: string;
  readonly count: number;
}

/**
 * A process that inserts beads one transaction each, and prints an id as soon as its COMMIT was acknowledged.
 */
const input = JSON.parse(process.argv[2] ?? '') as StoreWorkerInput;
const store = openStore(input.place);
const db = await store.open(input.database);
for (let index = 0; index < input.count; index += 1) {
  const id = `${input.prefix}-${index}`;
  await db.transaction(async (sql) => {
    await sql.run(
      "INSERT INTO issues (id, title, description, design, acceptance_criteria, notes) VALUES (?, 't', '', '', '', '')",
      [id],
    );
    await sql.run("INSERT INTO labels (issue_id, label) VALUES (?, 'whole')", [id]);
  });
  process.stdout.write(`${JSON.stringify(id)}\n`);
}
await store.close();
