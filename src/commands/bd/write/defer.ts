import { parseWhen } from '../../../beads/words/when.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { onEachBead } from '../on-bead.ts';

export { issuesSchema as schema } from '../schema.ts';

/** Puts beads off, until a time or until somebody takes them up again. */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const now = app.machine.clock.now();
  const until = input.flag('until');
  const deferUntil = until === undefined ? undefined : parseWhen(until, now);
  const reply = await onEachBead({
    verb: 'defer',
    done: 'Deferred',
    change: (tx, bead) =>
      tx.update(bead.id, { status: 'deferred', ...(deferUntil === undefined ? {} : { deferUntil }) }),
    after: (bead) => untilText(bead.deferUntil),
  })(app, input);
  const isPast = deferUntil !== undefined && Date.parse(`${deferUntil.replace(' ', 'T')}Z`) < now;
  return { ...reply, ...(isPast ? { warnings: [`${until} is in the past`] } : {}) };
}

function untilText(time: string | undefined): string {
  return time === undefined ? '' : `  until ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}
