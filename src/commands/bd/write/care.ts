import { parseWhen } from '../../../beads/words/when.ts';
import { issueJson } from '../../../beads/write/issue-json.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { RefusedError } from '../../../core/errors.ts';
import { onBead, onEachBead, saidOf } from '../handlers.ts';
import { issueSchema, issuesSchema } from '../schema.ts';

/** Puts beads off, until a time or until somebody takes them up again. */
export const defer: CommandModule = {
  schema: issuesSchema,
  async run(app, input) {
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
  },
};

function untilText(time: string | undefined): string {
  return time === undefined ? '' : `  until ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

/** Opens deferred beads again. */
export const undefer: CommandModule = {
  schema: issuesSchema,
  run: onEachBead({
    verb: 'undefer',
    done: 'Undeferred',
    change(tx, { id, status, deferUntil }) {
      if (status !== 'deferred' && deferUntil === undefined) {
        throw new RefusedError({
          code: 'beads.not-deferred',
          message: `${id} is not deferred (status: ${status})`,
        });
      }
      const opened = status === 'deferred' ? { status: 'open' } : {};
      return tx.update(id, { ...opened, deferUntil: null }, { status });
    },
  }),
};

/** Opens closed beads again; the reason becomes a comment. */
export const reopen: CommandModule = {
  schema: issuesSchema,
  run: onEachBead({
    verb: 'reopen',
    done: 'Reopened',
    change: (tx, bead, input) => tx.reopen(bead.id, input.flag('reason')),
  }),
};

/** Makes a wisp a lasting issue; its id stays. */
export const promote: CommandModule = {
  schema: issueSchema,
  run: onBead('bead', async ({ bead, input, write }) => {
    if (bead.table === 'issues') {
      throw new RefusedError({
        code: 'beads.not-a-wisp',
        message: `${bead.id} is not a wisp (already persistent)`,
      });
    }
    const reason = input.flag('reason') ?? '';
    const issue = await write(`promote ${bead.id}`, async (tx) => {
      const moved = await tx.move(bead.id, 'issue');
      await tx.comment(bead.id, `Promoted from wisp to permanent bead${reason === '' ? '' : `: ${reason}`}`);
      return moved;
    });
    return { data: issueJson(issue), text: saidOf('Promoted', issue) };
  }),
};
