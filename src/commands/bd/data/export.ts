import { dirname, resolve } from 'node:path';
import * as z from 'zod/mini';
import { exportBeads, jsonlText } from '../../../beads/jsonl/export.ts';
import type { AppContext } from '../../../context.ts';
import { NotFoundError } from '../../../core/errors.ts';
import { counted } from '../../../core/text.ts';
import { onLedger } from '../handlers.ts';

export const schema = z.union([
  z.object({ issues: z.number(), memories: z.number(), output: z.string() }),
  z.array(z.record(z.string(), z.unknown())),
]);

/** Writes the database's beads as JSONL to stdout or into a file; --json without a file prints one array. */
export const run = onLedger(async ({ app, input, beads, home }) => {
  const memories = input.bool('include-memories');
  const infra = input.bool('include-infra');
  const database = await beads.store.open(home.database);
  const exported = await exportBeads(database, { all: input.bool('all'), infra, memories });
  const file = input.flag('output');
  if (file === undefined) {
    if (!input.json) app.output.write(jsonlText(exported.lines));
    return { data: exported.lines };
  }
  const output = resolve(app.cwd, file);
  await refuseNoFolder(app, dirname(output));
  await app.machine.files.writeAtomic(output, jsonlText(exported.lines), { mode: 0o600 });
  const { issues, memories: count } = exported;
  return {
    data: { issues, memories: count, output },
    warnings: [
      `Exported ${counted(issues, 'issue')}${count === 0 ? '' : ` and ${counted(count, 'memory', 'memories')}`} to ${output}`,
    ],
  };
});

/** A mistyped folder is not made. */
async function refuseNoFolder(app: AppContext, folder: string): Promise<void> {
  if ((await app.machine.files.stat(folder))?.kind === 'dir') return;
  throw new NotFoundError({
    code: 'files.not-found',
    message: `there is no folder ${folder}`,
    hint: `Run: mkdir -p ${folder}`,
  });
}
