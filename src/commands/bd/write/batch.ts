import * as z from 'zod/mini';
import { parseBatch, runBatch } from '../../../beads/plans/batch.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { counted, oneLine } from '../../../core/text.ts';
import { readActor } from '../author.ts';
import { refuseOwnWork } from './held-bead.ts';
import { openBeads } from '../open.ts';
import { readTextFile } from '../texts.ts';
import { openWrite } from '../write.ts';

export const schema = z.union([
  z.object({ dry_run: z.literal(true), operations: z.number() }),
  z.object({
    operations: z.number(),
    status: z.literal('ok'),
    results: z.optional(z.array(z.object({ line: z.number(), op: z.string(), target: z.string() }))),
  }),
]);

/** Many writes from a file or standard input as one transaction: all of them, or none. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const ops = parseBatch(await readTextFile(app, input.flag('file') ?? '-'));
  if (input.bool('dry-run')) {
    return {
      data: { dry_run: true, operations: ops.length },
      text: [
        ...ops.map((op) => `line ${op.line}: ${oneLine(op.raw)}`),
        `${counted(ops.length, 'operation')}, nothing was run`,
      ].join('\n'),
    };
  }
  if (ops.length === 0) return { data: { operations: 0, status: 'ok' }, text: 'Nothing to do' };
  const beads = await openBeads(app, input);
  const [write, actor] = [await openWrite(app, input, beads), await readActor(app, input, beads)];
  const message = input.flag('message') ?? `batch of ${counted(ops.length, 'operation')}`;
  const results = await write(beads.home, message, (tx) =>
    runBatch(tx, ops, (bead) => refuseOwnWork(bead, actor)),
  );
  return {
    data: { operations: results.length, status: 'ok', results },
    text: [
      `${counted(results.length, 'operation')} committed`,
      ...results.map((result) => `  line ${result.line}: ${result.op} ${result.target}`),
    ].join('\n'),
  };
}
