import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { messageOf } from '../../core/errors.ts';
import type { RunResult, RunSpec } from '../../ports/processes.ts';
import { runOnTerminal } from './on-terminal.ts';
import { killMarked, withMark } from './mark.ts';
import type { ProcessTable } from './table.ts';
import { createTail } from './tail.ts';
import { monotonic } from '../monotonic.ts';

const DEFAULT_KEEP = 4 * 1024 * 1024;
/** From TERM to KILL. */
const GRACE_MS = 2000;
/** Output still in flight after the end is awaited this long: a background process may hold the pipe for ever. */
const DRAIN_MS = 200;

type Child = ChildProcessByStdio<Writable | null, Readable, Readable>;
type End =
  | { readonly end: 'exit'; readonly code: number }
  | { readonly end: 'signal'; readonly signal: string }
  | { readonly end: 'timeout' }
  | { readonly end: 'aborted' }
  | { readonly end: 'not-started'; readonly why: string };

/** One child in its own process group, to its end. */
export async function runChild(spec: RunSpec, table: ProcessTable): Promise<RunResult> {
  if (spec.terminal === true) return runOnTerminal(spec);
  const started = monotonic();
  const limit = spec.keepBytes ?? DEFAULT_KEEP;
  const stdout = createTail(limit);
  const stderr = createTail(limit);
  const end = await runToEnd(spec, table, { stdout, stderr });
  return {
    stdout: stdout.text(),
    stderr: stderr.text(),
    ms: monotonic() - started,
    ...(stdout.truncated() || stderr.truncated() ? { truncated: true } : {}),
    ...end,
  };
}

interface Tails {
  readonly stdout: ReturnType<typeof createTail>;
  readonly stderr: ReturnType<typeof createTail>;
}

async function runToEnd(spec: RunSpec, table: ProcessTable, tails: Tails): Promise<End> {
  if (spec.signal?.aborted === true) return { end: 'aborted' };
  let child: Child;
  try {
    child = start(spec);
  } catch (error) {
    return { end: 'not-started', why: messageOf(error) };
  }
  listen(child.stdout, tails.stdout, spec.onOutput);
  listen(child.stderr, tails.stderr, spec.onOutput);
  const ended = endOf(child);
  if (child.pid !== undefined) {
    const identity = table.identifyChild(child.pid);
    if (identity !== undefined) spec.onStart?.(identity);
    feed(child, spec.input);
  }
  const cut = watchLimits(spec, child);
  const end = await ended;
  const why = cut.stop();
  if (end.end !== 'not-started') await endLeftovers(spec, child, table);
  await drained(child);
  return why === undefined || end.end === 'not-started' ? end : { end: why };
}

function start(spec: RunSpec): Child {
  const [program, ...args] = spec.argv;
  const options = {
    env: typeof spec.leftovers === 'object' ? withMark(spec.env, spec.leftovers.marked) : spec.env,
    // A group of its own: limits reach everything the child starts, and a ^C at our terminal does not.
    detached: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
  };
  return spec.input === undefined
    ? spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    : spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
}

function listen(stream: Readable, tail: Tails['stdout'], onOutput: RunSpec['onOutput']): void {
  const decoder = new TextDecoder();
  stream.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    onOutput?.(decoder.decode(chunk, { stream: true }));
  });
}

function feed(child: Child, input: string | Uint8Array | undefined): void {
  // EPIPE: the child need not read its input.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
}

function endOf(child: Child): Promise<End> {
  return new Promise((resolve) => {
    child.once('error', (error) => {
      if (child.pid === undefined) resolve({ end: 'not-started', why: messageOf(error) });
    });
    child.once('exit', (code, signal) =>
      resolve(code === null ? { end: 'signal', signal: signal ?? 'unknown' } : { end: 'exit', code }),
    );
  });
}

/** Ends the group at the time limit or on abort: TERM, later KILL. `stop()` says which limit it was, if any. */
function watchLimits(spec: RunSpec, child: Child): { stop(): 'timeout' | 'aborted' | undefined } {
  let why: 'timeout' | 'aborted' | undefined;
  let killTimer: NodeJS.Timeout | undefined;
  const cut = (reason: 'timeout' | 'aborted'): void => {
    if (why !== undefined) return;
    why = reason;
    signalGroup(child, 'SIGTERM');
    killTimer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE_MS);
  };
  const timer = spec.timeoutMs === undefined ? undefined : setTimeout(() => cut('timeout'), spec.timeoutMs);
  const onAbort = (): void => cut('aborted');
  spec.signal?.addEventListener('abort', onAbort, { once: true });
  // `onStart` may have called it off already.
  if (spec.signal?.aborted === true) onAbort();
  return {
    stop() {
      clearTimeout(timer);
      clearTimeout(killTimer);
      spec.signal?.removeEventListener('abort', onAbort);
      // The leader ended by TERM; what it started may still ignore it.
      if (why !== undefined) signalGroup(child, 'SIGKILL');
      return why;
    },
  };
}

function signalGroup(child: Child, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // ESRCH: the whole group is gone, which is what was wanted.
  }
}

async function endLeftovers(spec: RunSpec, child: Child, table: ProcessTable): Promise<void> {
  const { leftovers = 'leave' } = spec;
  if (leftovers === 'leave') return;
  signalGroup(child, 'SIGKILL');
  if (leftovers !== 'kill') await killMarked(table, leftovers.marked);
}

async function drained(child: Child): Promise<void> {
  const closed = [child.stdout, child.stderr].map(
    (stream) =>
      new Promise<void>((resolve) => (stream.closed ? resolve() : stream.once('close', () => resolve()))),
  );
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, DRAIN_MS);
  });
  await Promise.race([Promise.all(closed), patience]);
  clearTimeout(timer);
  child.stdout.destroy();
  child.stderr.destroy();
}
