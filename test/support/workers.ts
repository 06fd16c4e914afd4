import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A child process that runs a TypeScript file of the tests and prints one JSON document per line. */
export interface Worker {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly lines: readonly unknown[];
  /** Resolves with the first line for which `matches` holds, also an earlier one. */
  line(matches: (line: unknown) => boolean): Promise<unknown>;
  /** Resolves with all lines when it ended; rejects when it failed by itself. */
  readonly done: Promise<readonly unknown[]>;
}

/**
 * @param script the worker's URL (`new URL('./x-worker.ts', import.meta.url)`)
 * @param input what it reads as `JSON.parse(process.argv[2])`
 */
export function startWorker(script: URL, input: unknown): Worker {
  const child = spawn(process.execPath, [fileURLToPath(script), JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: unknown[] = [];
  const waiting = new Set<() => void>();
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(JSON.parse(text));
    for (const wake of waiting) wake();
  });
  const done = new Promise<readonly unknown[]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0 || signal === 'SIGKILL') resolve(lines);
      else reject(new Error(`worker ended with ${code ?? signal}: ${errors.slice(-2000)}`));
    });
  });
  return {
    child,
    lines,
    done,
    async line(matches) {
      const found = () => lines.find(matches);
      while (found() === undefined) {
        await Promise.race([
          new Promise<void>((resolve) => waiting.add(resolve)),
          done.then(() => {
            if (found() === undefined) throw new Error('the worker ended before that line');
          }),
        ]);
      }
      return found();
    },
  };
}

/** Runs `count` workers at once and returns the lines of each. */
export function runWorkers(
  script: URL,
  count: number,
  input: (index: number) => unknown,
): Promise<readonly (readonly unknown[])[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => startWorker(script, input(index)).done));
}
