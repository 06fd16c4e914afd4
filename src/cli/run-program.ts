import type { AppContext } from '../context.ts';
import { messageOf } from '../core/errors.ts';
import type { CommandInput, CommandSpec } from './command.ts';
import { createInput, passThroughInput } from './input.ts';
import { NO_WORDS } from './parsed-words.ts';
import { printReply } from './print-reply.ts';
import type { Program } from './program.ts';
import { resolveRequest, type Request } from './resolve.ts';
import { commandTree } from './tree.ts';

/**
 * Runs one command line and returns the exit code; never throws. With --json stdout gets exactly one document,
 * or nothing when the command failed (P14). undefined = the command ended well and leaves the code open.
 */
export async function runProgram(
  program: Program,
  argv: readonly string[],
  app: AppContext,
): Promise<number | undefined> {
  const named = withOwnName(program, app.env['GT_COMMAND']);
  try {
    return await answer(
      named,
      resolveRequest(named, commandTree(named.commands), withVersion(named, argv)),
      app,
    );
  } catch (error) {
    const json = wantsJson(argv);
    if (!json) for (const line of leftOut(app, messageOf(error))) app.output.note(line);
    const render = named.renderError ?? (await import('./render-error.ts')).renderError;
    app.output.note(render(error, { json, debug: hasDebug(app) }));
    return 1;
  }
}

/** GT_COMMAND renames gt in what it prints: for installs beside another tool of that name. */
function withOwnName(program: Program, name: string | undefined): Program {
  return program.name === 'gt' && name !== undefined && name !== '' ? { ...program, name } : program;
}

/** `gt --version` and `gt -v` are `gt version`; where -v means something else (bd), -V is. */
function withVersion(program: Program, argv: readonly string[]): readonly string[] {
  const short = (program.globalFlags ?? []).some((flag) => flag.short === 'v') ? '-V' : '-v';
  const [first = '', ...rest] = argv;
  return first === '--version' || first === short ? ['version', ...rest] : argv;
}

function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).some((word) => word === '--json' || word === '--json=true');
}

/** One line for each rig that a list had to leave out, unless `said` tells why already. */
function leftOut(app: AppContext, said = ''): readonly string[] {
  return [...app.leftOut].flatMap(([rig, why]) =>
    said.includes(why) ? [] : [`rig ${rig} is left out: ${why}`],
  );
}

function hasDebug(app: AppContext): boolean {
  return (app.env['GT_DEBUG'] ?? '') !== '';
}

async function answer(program: Program, request: Request, app: AppContext): Promise<number | undefined> {
  switch (request.kind) {
    case 'run':
      return runCommand(program, request, app);
    case 'help': {
      const { renderHelp } = await import('./help.ts');
      app.output.write(`${renderHelp(program, request.node, app.output)}\n`);
      return 0;
    }
    case 'glossary': {
      const { renderGlossary } = await import('./glossary.ts');
      app.output.write(`${renderGlossary()}\n`);
      return 0;
    }
  }
}

async function runCommand(
  program: Program,
  { spec, load, words }: Extract<Request, { kind: 'run' }>,
  app: AppContext,
): Promise<number | undefined> {
  const input = await readInput(program, spec, words);
  const told = spec.startup === 'instant' ? [] : ((await program.before?.(app, spec)) ?? []);
  const module = await load();
  const own = await module.run(app, input);
  const reply = { ...own, warnings: [...new Set([...told, ...(own.warnings ?? []), ...leftOut(app)])] };
  printReply(program, { spec, module, reply, json: input.json }, app);
  await reply.afterPrint?.();
  return reply.exitCode;
}

async function readInput(
  program: Program,
  spec: CommandSpec,
  words: readonly string[],
): Promise<CommandInput> {
  if (spec.passThrough === true) return passThroughInput(program, spec, words);
  /* Without words there is nothing to parse, and the parser need not even be loaded. */
  if (words.length === 0) return createInput(program, spec, NO_WORDS);
  const { parseWords } = await import('./parse.ts');
  return createInput(program, spec, parseWords(program, spec, words));
}
