import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import { formulaFolders } from '../../formulas/library.ts';
import { formatJson, readJsonFile } from '../../town/json-file.ts';
import type { UpgradeStep } from './plan.ts';

const installedSchema = z.object({ formulas: z.record(z.string(), z.string()) });

/**
 * Copies of gt's own formulas in T/.beads/formulas, which hide the ones that ship: a copy that is as it was installed
 * (`.installed.json` has its SHA-256) is brought up to date, an edited one stays.
 */
export async function planFormulas(ctx: TownContext): Promise<readonly UpgradeStep[]> {
  const { files } = ctx.ports;
  const dir = join(ctx.paths.beadsDir, 'formulas');
  const record = join(dir, '.installed.json');
  const doc = await readJsonFile(files, record);
  const parsed = installedSchema.safeParse(doc);
  if (!parsed.success) return [];
  const shipped = formulaFolders({ projects: [], gtArgv: ctx.gtArgv }).at(-1)?.path ?? '';
  const steps: UpgradeStep[] = [];
  const sums = { ...parsed.data.formulas };
  for (const [name, sum] of Object.entries(parsed.data.formulas)) {
    const [copy, ours] = await Promise.all(
      [dir, shipped].map((folder) => files.readText(join(folder, safe(name)))),
    );
    if (copy === undefined || ours === undefined || copy === ours) continue;
    if (sha256(copy) !== sum) {
      steps.push({ kind: 'skip', what: `formula ${name}: edited here, stays` });
      continue;
    }
    sums[name] = sha256(ours);
    steps.push({ kind: 'write', path: join(dir, name), content: ours, mode: 0o644, what: `formula ${name}` });
  }
  if (steps.every(({ kind }) => kind === 'skip')) return steps;
  const content = formatJson({ ...doc, formulas: sums });
  return [...steps, { kind: 'write', path: record, content, mode: 0o644, what: 'record of formulas' }];
}

/** A name of the record is data: never a way out of the folder. */
function safe(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : '.none';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
