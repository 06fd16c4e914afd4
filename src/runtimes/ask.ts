import { RefusedError } from '../core/errors.ts';
import { resolveEnv } from './launch.ts';
import type { RuntimeRecord } from './types.ts';

export interface AskRequest {
  readonly runtime: RuntimeRecord;
  /** One answer on stdout; absent = an interactive talk on the terminal. */
  readonly question?: string | undefined;
  /** Conversation to go on with, in a copy where the runtime can; absent = a new one. */
  readonly conversation?: string | undefined;
  /** Where `$NAME` values of the record's environment come from. */
  readonly lookUp: Readonly<Record<string, string>>;
}

export interface Ask {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The command line that asks an agent something outside any work: none of the record's own arguments, which skip
 * permissions, and no hooks, which would begin work. RefusedError `agent.no-resume`, `agent.no-one-shot`.
 */
export function planAsk({ runtime, question, conversation, lookUp }: AskRequest): Ask {
  const { oneShot, resume, forkFlag, execWrapper, command } = runtime;
  if (question !== undefined && oneShot === undefined) throw lacks(runtime, 'one-shot');
  if (conversation !== undefined && resume === undefined) throw lacks(runtime, 'resume');
  const words =
    conversation === undefined || resume === undefined ? [] : [...resume.word.split(' '), conversation];
  const fork = words.length === 0 || forkFlag === undefined ? [] : [forkFlag];
  const [program, ...rest] = [
    ...execWrapper,
    command,
    ...(question === undefined ? [] : (oneShot?.subcommand ?? [])),
    ...words,
    ...fork,
    ...(question === undefined ? [] : questionWords(question, oneShot?.promptFlag)),
  ];
  const env = question === undefined ? {} : (oneShot?.env ?? {});
  return { argv: [program ?? command, ...rest], env: { ...resolveEnv(runtime.env, lookUp), ...env } };
}

/** A question that begins with a dash would be read as a flag. */
function questionWords(question: string, flag: string | undefined): readonly string[] {
  const safe = question.startsWith('-') ? ` ${question}` : question;
  return flag === undefined ? [safe] : [flag, safe];
}

function lacks({ name }: RuntimeRecord, what: 'resume' | 'one-shot'): RefusedError {
  const code = what === 'resume' ? 'agent.no-resume' : 'agent.no-one-shot';
  const lack = what === 'resume' ? 'cannot go on with an earlier conversation' : 'only talks on a terminal';
  return new RefusedError({
    code,
    message: `agent '${name}' ${lack}`,
    hint: 'See what it left behind: gt seance show <id>',
  });
}
