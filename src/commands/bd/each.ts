import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError, messageOf } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { PlainError } from './plain-error.ts';

/** What became of each of several ids. */
export interface Outcome<T> {
  readonly done: readonly T[];
  /** One line each. */
  readonly failures: readonly string[];
  /** The next step after the first failure. */
  readonly hint?: string | undefined;
}

/** Works through the ids one after the other; one that fails does not stop the others. */
export async function forEachId<T>(
  ids: readonly string[],
  work: (id: string) => Promise<T>,
  describe: (id: string, error: unknown) => string = (_, error) => messageOf(error),
): Promise<Outcome<T>> {
  const done: T[] = [];
  const failures: string[] = [];
  let hint: string | undefined;
  for (const id of ids) {
    try {
      done.push(await work(id));
    } catch (error) {
      failures.push(describe(id, error));
      hint ??= error instanceof GtError ? error.hint : undefined;
    }
  }
  return { done, failures, hint };
}

export function noneDone({ failures, hint }: Pick<Outcome<unknown>, 'failures' | 'hint'>): PlainError {
  return new PlainError({
    code: 'beads.none-done',
    message: failures.join('\n'),
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The failures go to stderr and make exit 1; where nothing was done there is no answer but them. */
export function replyWith<T>(
  app: AppContext,
  outcome: Outcome<T>,
  reply: (done: readonly T[]) => Pick<CommandReply, 'data' | 'text'>,
): CommandReply {
  if (outcome.done.length === 0) {
    throw noneDone(outcome);
  }
  for (const line of outcome.failures) app.output.note(printable(line));
  return { ...reply(outcome.done), exitCode: outcome.failures.length === 0 ? 0 : 1 };
}
