import { beforeCommand } from '../../../src/before-command.ts';
import { gt } from '../../../src/cli/registry.ts';
import type { Program } from '../../../src/cli/program.ts';
import { runProgram } from '../../../src/cli/run-program.ts';
import { createAppContext } from '../../../src/context.ts';
import type { Dress } from '../../../src/machine.ts';
import type { Run } from './support.ts';

interface Place {
  readonly home: string;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What goes between gt and its ports. */
  readonly dress?: Dress;
}

/** Runs gt in this process on the real file system, with its own environment and no terminal. */
export function runGt(place: Place, argv: readonly string[]): Promise<Run> {
  return runIn({ ...gt, before: beforeCommand }, place, argv);
}

/** The same for any program. */
export async function runIn(program: Program, place: Place, argv: readonly string[]): Promise<Run> {
  let stdout = '';
  let stderr = '';
  const handle = createAppContext(
    {
      env: { HOME: place.home, PATH: process.env['PATH'] ?? '', GT_TEST: '1', ...place.env },
      cwd: place.cwd,
      streams: {
        isTTY: false,
        columns: 80,
        rows: 24,
        writeOut: (text) => (stdout += text),
        writeError: (text) => (stderr += text),
        readAll: () => Promise.resolve(''),
      },
    },
    place.dress,
  );
  const code = (await runProgram(program, argv, handle.app)) ?? 0;
  await handle.close();
  return { code, stdout, stderr };
}
