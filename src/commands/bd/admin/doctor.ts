import { join } from 'node:path';
import * as z from 'zod/mini';
import { readIdentity } from '../../../beads/content/identity.ts';
import { LEDGER_CHECKS } from '../../../beads/doctor/checks.ts';
import { runPlaceChecks } from '../../../beads/doctor/place.ts';
import { runChecks, type CheckReport } from '../../../beads/doctor/run.ts';
import type { Ledger } from '../../../beads/types.ts';
import { createUuid7 } from '../../../beads/words/uuid7.ts';
import type { AppContext } from '../../../context.ts';
import { RefusedError } from '../../../core/errors.ts';
import { ownFolder } from '../../../town/own-folder.ts';
import { onLedger } from '../handlers.ts';
import type { BdHome } from '../open.ts';
import { renderDoctor } from './doctor-text.ts';
import { BD_VERSION } from './version.ts';

export const schema = z.object({
  path: z.string(),
  checks: z.array(
    z.object({
      name: z.string(),
      status: z.enum(['ok', 'warning', 'error', 'fixed']),
      message: z.string(),
      detail: z.optional(z.string()),
      fix: z.optional(z.string()),
      category: z.string(),
    }),
  ),
  overall_ok: z.boolean(),
  cli_version: z.string(),
});

/** A check of one database (or of its surroundings). */
export interface Examined extends CheckReport {
  readonly database: string;
}

/** Looks for damage and, with --fix, repairs it. Exit 1 while an error stays. */
export const run = onLedger(async ({ app, input, beads, home, actor }) => {
  const fix = input.bool('fix') && !input.bool('dry-run');
  if (fix && input.bool('readonly')) {
    throw new RefusedError({ code: 'beads.readonly', message: '--fix writes, and --readonly was given' });
  }
  const ledgers = input.bool('all') ? await beads.ledgers.all() : [home];
  const patient = { actor: await actor(), fix };
  const examined: Examined[] = [];
  for (const ledger of ledgers) examined.push(...(await examine(app, beads, { ...patient, ledger })));
  examined.push(...(await surroundings(app, beads, fix)));
  const isOk = examined.every(({ outcome }) => outcome !== 'error');
  return {
    data: {
      path: beads.dir ?? beads.town?.paths.beadsDir ?? '',
      checks: examined.map(checkJson),
      overall_ok: isOk,
      cli_version: BD_VERSION,
    },
    text: renderDoctor(examined, { verbose: input.bool('verbose'), fixed: fix }),
    exitCode: isOk ? 0 : 1,
  };
});

interface Patient {
  readonly ledger: Ledger;
  readonly actor: string;
  readonly fix: boolean;
}

async function examine(
  app: AppContext,
  beads: BdHome,
  { ledger, actor, fix }: Patient,
): Promise<readonly Examined[]> {
  const { clock, random } = app.machine;
  const database = await beads.store.open(ledger.database);
  const now = () => clock.now();
  const scope = {
    database: ledger.database,
    prefix: ledger.prefix,
    sql: database,
    dialect: database.dialect,
    now,
    random,
    uuid7: createUuid7(now, random),
    routes: async () => [{ prefix: ledger.prefix, database: ledger.database }],
    actor,
  };
  const reports = await runChecks(LEDGER_CHECKS, { database, scope, fix });
  if (fix && reports.some(({ outcome }) => outcome === 'fixed')) {
    await beads.store.commitVersion(ledger.database, 'bd: doctor', { withSettings: true });
  }
  return reports.map((report) => ({ ...report, database: ledger.database }));
}

async function surroundings(app: AppContext, beads: BdHome, fix: boolean): Promise<readonly Examined[]> {
  const { files, processes } = app.machine;
  const database = await beads.store.open(beads.home.database);
  const { projectId } = await readIdentity(database);
  const dir = beads.dir ?? beads.town?.paths.beadsDir ?? '';
  const place = {
    files,
    processes,
    env: app.env,
    dir,
    prefix: beads.home.prefix,
    projectId,
    ownBin: join(ownFolder(app.gtArgv), 'bin'),
  };
  const reports = await runPlaceChecks(place, { fix });
  return reports.map((report) => ({ ...report, database: '' }));
}

const DETAILS = 20;

function checkJson({ name, outcome, title, found, remedy, database }: Examined) {
  const isWrong = found.length > 0;
  return {
    name,
    status: outcome,
    message: isWrong ? `${found.length}: ${found[0]}` : title,
    ...(isWrong ? { detail: found.slice(0, DETAILS).join('\n'), fix: remedy } : {}),
    category: database === '' ? 'files' : database,
  };
}
