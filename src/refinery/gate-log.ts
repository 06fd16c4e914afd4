import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import type { RunResult } from '../ports/processes.ts';
import type { Rig } from '../rig/registry.ts';
import type { GateSubject } from './gate-env.ts';
import type { GateEnd } from './failures.ts';
import type { Gate } from './settings.ts';

/** While a gate runs its output is written this often, so that people can watch it. */
const FLUSH_MS = 250;
/** A gate that prints without end stops being shown here; its end is in the log all the same. */
const MOST_LIVE_BYTES = 4 * 1024 * 1024;
/** Of each stream: with the number of files it bounds what logs take. */
const MOST_KEPT = 512 * 1024;
const KEEP_MS = 14 * 24 * 3_600_000;
const KEEP_FILES = 500;

export interface LoggedRun {
  readonly gate: Gate;
  readonly subject: GateSubject;
}

/** The output of a running gate, in a file of its own until it ends. */
export interface LiveLog {
  add(chunk: string): void;
  /** Waits for what is on its way and removes the file. */
  close(): Promise<void>;
}

/** First line: what runs on which changes, as JSON; then the output as it comes. */
export function openLiveLog(ctx: TownContext, rig: Rig, { gate, subject }: LoggedRun): LiveLog {
  const { files, clock } = ctx.ports;
  const path = join(liveFolder(rig), `${gate.name}-${subject.tree.slice(0, 10)}.log`);
  const started = new Date(clock.now()).toISOString();
  const head = JSON.stringify({ gate: gate.name, tree: subject.tree, mrs: subject.mrs, started });
  const done = new AbortController();
  let waiting = '';
  let shown = 0;
  const flush = async (): Promise<void> => {
    const text = waiting;
    waiting = '';
    if (text !== '') await files.appendLine(path, text.replace(/\n$/, ''));
  };
  const writing = (async () => {
    await files.writeAtomic(path, `${head}\n`, { mode: 0o600 });
    while (!done.signal.aborted) {
      await clock.sleep(FLUSH_MS, done.signal);
      await flush();
    }
  })().catch(() => undefined);
  return {
    add(chunk) {
      if (shown > MOST_LIVE_BYTES) return;
      shown += chunk.length;
      waiting += chunk;
    },
    async close() {
      done.abort();
      await writing;
      await files.remove(path);
    },
  };
}

export function liveFolder(rig: Rig): string {
  return join(rig.paths.gateDir, 'live');
}

export function logFolder(rig: Rig): string {
  return join(rig.paths.gateDir, 'logs');
}

/** Keeps the output of a finished run; returns its path. */
export async function keepLog(
  ctx: TownContext,
  rig: Rig,
  run: LoggedRun & { readonly result: RunResult; readonly end: GateEnd },
): Promise<string> {
  const { gate, subject, result } = run;
  const stamp = new Date(ctx.ports.clock.now()).toISOString().replaceAll(/[:.]/g, '');
  const path = join(logFolder(rig), `${stamp}-${gate.name}-${subject.tree.slice(0, 10)}.log`);
  const head = [
    `gate:    ${gate.name}`,
    `command: ${gate.command}`,
    `tree:    ${subject.tree}`,
    `changes: ${subject.mrs.join(' ')}`,
    `end:     ${describeEnd(run.end)} after ${Math.round(result.ms)} ms`,
  ].join('\n');
  const body = `--- stdout\n${endOf(result.stdout)}\n--- stderr\n${endOf(result.stderr)}\n`;
  await ctx.ports.files.writeAtomic(path, `${head}\n${body}`, { mode: 0o600 });
  return path;
}

/** What went wrong is said at the end. */
function endOf(text: string): string {
  const more = text.length - MOST_KEPT;
  return more <= 0 ? text : `(what came before is not kept)\n${text.slice(more)}`;
}

/** Names begin with their time, so age and count need no look into the files. */
export async function pruneLogs(ctx: TownContext, rig: Rig): Promise<void> {
  const { files, clock } = ctx.ports;
  const names = ((await files.list(logFolder(rig))) ?? []).map(({ name }) => name).sort();
  const oldest = new Date(clock.now() - KEEP_MS).toISOString().replaceAll(/[:.]/g, '');
  const extra = names.slice(0, Math.max(0, names.length - KEEP_FILES));
  for (const name of new Set([...extra, ...names.filter((each) => each < oldest)])) {
    await files.remove(join(logFolder(rig), name));
  }
}

function describeEnd(end: GateEnd): string {
  switch (end.kind) {
    case 'pass':
      return 'passed';
    case 'red':
      return { code: 'failed', timeout: 'timed out', dirty: 'changed tracked files' }[end.failure];
    case 'infra':
      return `could not run: ${end.why}`;
    case 'cut':
      return 'stopped';
  }
}
