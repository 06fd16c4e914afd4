import { join } from 'node:path';
import * as z from 'zod/mini';
import { readIdentity } from '../../../beads/content/identity.ts';
import { examineLedger } from '../../../beads/doctor/examine.ts';
import { runPlaceChecks } from '../../../beads/doctor/place.ts';
import type { CheckReport } from '../../../beads/doctor/run.ts';
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
  const ports = { ...app.machine, store: beads.store };
  const patient = { actor: await actor(), fix };
  const examined: Examined[] = [];
  for (const { database, prefix } of ledgers) {
    const reports = await examineLedger(ports, { ...patient, database, prefix });
    examined.push(...reports.map((report) => ({ ...report, database })));
  }
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
