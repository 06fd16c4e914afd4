import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import { RefusedError, UsageError } from '../../../core/errors.ts';
import { distill } from '../../../formulas/molecule/distill.ts';
import { readMolecule } from '../../../formulas/molecule/read.ts';
import { onLedger } from '../handlers.ts';
import { openKitchen, readValues } from './kitchen.ts';

export const schema = z.object({
  formula_name: z.string(),
  formula_path: z.string(),
  steps: z.number(),
  variables: z.array(z.string()),
});

/** Writes the formula that would make a molecule or epic again. */
export const run = onLedger(async ({ app, input, locate }) => {
  const { ledger, bead } = await locate(input.arg('molecule'));
  const name =
    input.arg('name') || `mol-${bead.title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 60);
  if (!/^[\w.-]+$/.test(name)) {
    throw new UsageError({
      code: 'formula.bad-name',
      message: `${JSON.stringify(name)} cannot name a formula`,
      hint: 'Use letters, digits, dash, underscore and dot',
    });
  }
  const { folders, cwd, files } = await openKitchen(app, input);
  const output = input.flag('output');
  const folder = output === undefined ? folders[0]?.path : resolve(cwd ?? '/', output);
  const path = join(folder ?? '.', `${name}.formula.toml`);
  const molecule = await readMolecule(ledger, bead);
  const values = readValues(input);
  const text = distill(molecule, { name, path, values });
  const data = {
    formula_name: name,
    formula_path: path,
    steps: molecule.steps.filter((step) => step.type !== 'gate').length,
    variables: Object.keys(values),
  };
  if (input.bool('dry-run')) return { data, text };
  if ((await files.stat(path)) !== undefined) {
    throw new RefusedError({
      code: 'formula.exists',
      message: `${path} is there already`,
      hint: 'Give another name',
    });
  }
  await files.writeAtomic(path, text, { mode: 0o644 });
  return { data, text: `Wrote ${path}\nLook at it: bd formula show ${name}` };
});
