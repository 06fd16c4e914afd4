import type { AppContext } from '../context.ts';
import { BugError, messageOf } from '../core/errors.ts';
import type { CommandModule, CommandReply, CommandSpec } from './command.ts';
import type { Program } from './program.ts';

export interface Answered {
  readonly spec: CommandSpec;
  readonly module: CommandModule;
  readonly reply: CommandReply;
  readonly json: boolean;
}

/** Data or text to stdout, warnings to stderr. Warnings never appear with --json. */
export function printReply(program: Program, answered: Answered, app: AppContext): void {
  const { reply, json } = answered;
  if (json) {
    if (reply.data === undefined) throw brokenContract(answered.spec, 'returned no data for --json');
    if (app.env['GT_TEST'] === '1') checkData(answered);
    const render = program.renderJson ?? ((data: unknown) => JSON.stringify(data, undefined, 2));
    app.output.write(`${render(reply.data, app)}\n`);
    return;
  }
  for (const warning of reply.warnings ?? []) app.output.note(warning);
  const text = typeof reply.text === 'function' ? reply.text() : (reply.text ?? '');
  if (text !== '') app.output.write(`${text}\n`);
}

/** Scripts rely on the declared shape: under test each document is held against it. */
function checkData({ spec, module, reply }: Answered): void {
  if (module.schema === undefined) throw brokenContract(spec, 'accepts --json but exports no schema');
  try {
    module.schema.parse(reply.data);
  } catch (error) {
    throw brokenContract(spec, `breaks its schema: ${messageOf(error)}`, error);
  }
}

function brokenContract(spec: CommandSpec, what: string, cause?: unknown): BugError {
  return new BugError({ code: 'bug.json-contract', message: `'${spec.path}' ${what}`, cause });
}
