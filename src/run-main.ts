import type { Program } from './cli/program.ts';
import { renderError } from './cli/render-error.ts';
import { runProgram } from './cli/run-program.ts';
import { createAppContext, readProcessFacts } from './context.ts';

/** What a program may change before it runs. */
export interface MainStart {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs a program on this process's arguments and ends the process with its code. `process.exit`, not the end of
 * the event loop: a forgotten timer or socket must never make a finished command hang.
 */
export async function runMain(program: Program, prepare = (start: MainStart) => start): Promise<never> {
  const facts = readProcessFacts();
  const { words, env } = prepare({ words: process.argv.slice(2), env: facts.env });
  const { app, signalCode, close } = createAppContext({ ...facts, env });
  process.on('uncaughtException', (error) => {
    const debug = (env['GT_DEBUG'] ?? '') !== '';
    app.output.note((program.renderError ?? renderError)(error, { json: false, debug }));
    process.exit(1);
  });
  const code = await runProgram(program, words, app);
  await close();
  process.exit(code ?? signalCode() ?? 0);
}
