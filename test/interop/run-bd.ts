import { bd } from '../../src/cli/bd-program.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import { createAppContext, type AppContext } from '../../src/context.ts';
import type { Clock } from '../../src/ports/clock.ts';

export interface BdAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BdPlace {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly stdin?: string;
}

/** Runs one `bd` command line in this process, with the machine's real ports. */
export async function runBd(place: BdPlace, words: readonly string[]): Promise<BdAnswer> {
  let stdout = '';
  let stderr = '';
  const handle = createAppContext({
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: place.cwd,
      GT_TEST: '1',
      NO_COLOR: '1',
      BEADS_ACTOR: 'alice',
      GIT_AUTHOR_EMAIL: 't@e.x',
      ...place.env,
    },
    cwd: place.cwd,
    streams: {
      isTTY: false,
      columns: 80,
      rows: 24,
      writeOut: (text) => {
        stdout += text;
      },
      writeError: (text) => {
        stderr += text;
      },
      readAll: () => Promise.resolve(place.stdin ?? ''),
    },
  });
  const machine =
    place.clock === undefined ? handle.app.machine : { ...handle.app.machine, clock: place.clock };
  // Not a copy: reading every property would also install the handlers of signals.
  const app = Object.create(handle.app, { machine: { value: machine } }) as AppContext;
  const code = (await runProgram(bd, words, app)) ?? 0;
  await handle.close();
  return { code, stdout, stderr };
}

/** The answer of a command that must succeed. */
export async function mustBd(place: BdPlace, words: readonly string[]): Promise<string> {
  const answer = await runBd(place, words);
  if (answer.code === 0) return answer.stdout;
  throw new Error(`bd ${words.join(' ')} ended with ${answer.code}: ${answer.stderr}`);
}
