import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { ExternalError, UsageError } from '../../core/errors.ts';
import { oneLine, printable } from '../../core/text.ts';
import type { RunResult } from '../../ports/processes.ts';
import { findPastSession, listPastSessions } from '../../sessions/seance/list.ts';
import { openSources } from '../../sessions/seance/sources.ts';
import { planTalk } from '../../sessions/seance/talk.ts';
import type { Talk } from '../../sessions/seance/talk.ts';

export const talkSchema = z.object({
  id: z.string(),
  agent: z.string(),
  in: z.enum(['copy', 'itself', 'notes']),
  answer: z.string(),
});

const ANSWER_MS = 10 * 60_000;

export async function talk(app: AppContext, input: CommandInput, text: string): Promise<CommandReply> {
  const town = await app.town();
  const past = findPastSession(await listPastSessions(town), text);
  const source = await (await openSources(town))(past);
  const question = input.flag('prompt');
  const plan = await planTalk(town, { past, source, question });
  if (question === undefined) return converse(app, plan);
  const result = await app.machine.processes.run({ ...plan, timeoutMs: ANSWER_MS, signal: app.stopSignal });
  const answer = answerOf(plan, result);
  const note = plan.in === 'notes' ? [`${plan.agent} answers from what is left of ${past.id}`] : [];
  return {
    data: { id: past.id, agent: past.agent, in: plan.in, answer },
    text: answer,
    warnings: input.json ? [] : note,
  };
}

async function converse(app: AppContext, plan: Talk): Promise<CommandReply> {
  if (!app.output.isTTY) {
    throw new UsageError({
      code: 'attach.no-terminal',
      message: 'a talk needs a terminal',
      hint: "To only ask something: gt seance --talk <id> -p '<question>'",
    });
  }
  const result = await app.machine.processes.run({ ...plan, terminal: true });
  return result.end === 'exit'
    ? { exitCode: result.code }
    : { exitCode: 1, warnings: [failure(plan, result)] };
}

function answerOf(plan: Talk, result: RunResult): string {
  const answer = printable(result.stdout).trim();
  if (result.end === 'exit' && result.code === 0 && answer !== '') return answer;
  throw new ExternalError({
    code: 'seance.no-answer',
    message: failure(plan, result),
    hint: 'See what it left behind: gt seance show <id>',
  });
}

function failure({ agent }: Talk, result: RunResult): string {
  const last = (result.stderr.trim() || result.stdout.trim()).split('\n').at(-1) ?? '';
  const why = last === '' ? '' : `: ${oneLine(last, 200)}`;
  if (result.end === 'not-started') return `'${agent}' cannot be started: ${oneLine(result.why)}`;
  return `'${agent}' gave no answer (${result.end === 'exit' ? `exit ${result.code}` : result.end})${why}`;
}
