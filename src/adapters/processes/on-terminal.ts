import { spawn } from 'node:child_process';
import { messageOf } from '../../core/errors.ts';
import type { RunResult, RunSpec } from '../../ports/processes.ts';
import { monotonic } from '../monotonic.ts';

/**
 * A child that has our terminal and our process group: what is typed reaches it, a ^C too, and we wait for it.
 * Nothing is captured.
 */
export async function runOnTerminal({ argv, env, cwd }: RunSpec): Promise<RunResult> {
  const started = monotonic();
  const [program, ...args] = argv;
  const place = cwd === undefined ? {} : { cwd };
  // The child decides what a ^C means; we end when it has.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  try {
    const end = await new Promise<RunEnd>((resolve) => {
      const child = spawn(program, args, { stdio: 'inherit', env: { ...env }, ...place });
      child.once('error', (error) => resolve({ end: 'not-started', why: messageOf(error) }));
      child.once('exit', (code, signal) =>
        resolve(code === null ? { end: 'signal', signal: signal ?? 'unknown' } : { end: 'exit', code }),
      );
    });
    return { stdout: '', stderr: '', ms: monotonic() - started, ...end };
  } finally {
    process.off('SIGINT', wait);
  }
}

type RunEnd =
  | { readonly end: 'exit'; readonly code: number }
  | { readonly end: 'signal'; readonly signal: string }
  | { readonly end: 'not-started'; readonly why: string };
