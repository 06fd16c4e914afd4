import type { Clock } from '../../ports/clock.ts';
import type { Random } from '../../ports/random.ts';
import type { Store } from '../../ports/store.ts';
import { createUuid7 } from '../words/uuid7.ts';
import { LEDGER_CHECKS } from './checks.ts';
import { runChecks, type CheckReport } from './run.ts';

interface Patient {
  readonly database: string;
  readonly prefix: string;
  readonly actor: string;
  readonly fix: boolean;
}

/** All checks of one database; what was repaired is one version of it. */
export async function examineLedger(
  { store, clock, random }: { readonly store: Store; readonly clock: Clock; readonly random: Random },
  { database: name, prefix, actor, fix }: Patient,
): Promise<readonly CheckReport[]> {
  const database = await store.open(name);
  const now = (): number => clock.now();
  const scope = {
    database: name,
    prefix,
    sql: database,
    dialect: database.dialect,
    now,
    random,
    uuid7: createUuid7(now, random),
    routes: async () => [{ prefix, database: name }],
    actor,
  };
  const reports = await runChecks(LEDGER_CHECKS, { database, scope, fix });
  if (fix && reports.some(({ outcome }) => outcome === 'fixed'))
    await store.commitVersion(name, 'bd: doctor', { withSettings: true });
  return reports;
}
