import type { CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { GtError } from '../../core/errors.ts';

/** One workspace's part of the answer. */
export interface Done {
  readonly line: string;
  readonly warnings?: readonly string[];
  /** Said once, when there is only one. */
  readonly next?: string;
}

export type Each = Done | { readonly word: string; readonly error: GtError };

/** One after the other; one that fails does not keep the others. */
export async function eachOf<T>(
  items: readonly T[],
  { word, work }: { readonly word: (item: T) => string; readonly work: (item: T) => Promise<Done> },
): Promise<readonly Each[]> {
  const results: Each[] = [];
  for (const item of items) {
    try {
      results.push(await work(item));
    } catch (error) {
      if (!(error instanceof GtError)) throw error;
      results.push({ word: word(item), error });
    }
  }
  return results;
}

/** A single failure is the command's own error; among several each has its line, and the exit code is 1. */
export function replyOf(app: AppContext, results: readonly Each[]): CommandReply {
  const [first] = results;
  if (first !== undefined && results.length === 1 && 'error' in first) throw first.error;
  const done = results.flatMap((each) => ('error' in each ? [] : [each]));
  const failed = results.flatMap((each) =>
    'error' in each ? [`${app.output.style.red('✖')} ${each.word}: ${each.error.message}`] : [],
  );
  const next = results.length === 1 ? done.flatMap((each) => each.next ?? []) : [];
  return {
    text: [...done.map((each) => each.line), ...next].join('\n'),
    warnings: [...done.flatMap((each) => each.warnings ?? []), ...failed],
    exitCode: failed.length === 0 ? 0 : 1,
  };
}
