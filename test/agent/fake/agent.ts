import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import { shell } from './hooks.ts';
import type { Hooks } from './hooks.ts';
import type { Happening, Happenings } from './log.ts';
import type { Question, Step } from './steps.ts';
import type { Terminal } from './terminal.ts';

export interface AgentParts {
  readonly steps: readonly Step[];
  readonly prompt: string | undefined;
  readonly terminal: Terminal;
  readonly hooks: Hooks;
  readonly happenings: Happenings;
  /** Of the first SessionStart. */
  readonly source: 'startup' | 'resume';
}

type Submission = Extract<Happening, { readonly type: 'submitted' }>;

const Decision = z.object({ decision: z.string(), reason: z.string() });
const POLL_MS = 20;

/** The agent's life: its prompt, its steps, then the prompt for ever. */
export function createAgent(parts: AgentParts) {
  const { steps, prompt, terminal, hooks, happenings, source } = parts;
  const inbox: Submission[] =
    prompt === undefined ? [] : [{ type: 'submitted', text: prompt, by: 'argument' }];
  let arrived: () => void = () => undefined;
  let busy = false;
  let interrupted = false;

  terminal.onSubmit((text) => {
    inbox.push({ type: 'submitted', text, by: 'keyboard' });
    arrived();
  });
  terminal.onKey((name) => {
    happenings({ type: 'key', name, busy });
    if (name === 'escape' && busy) interrupted = true;
  });

  const next = async (): Promise<Submission> => {
    for (;;) {
      const first = inbox.shift();
      if (first !== undefined) return first;
      await new Promise<void>((wake) => (arrived = wake));
    }
  };

  /** Prompt hook, the work that the text asks for, Stop hook; its objection becomes one more turn. */
  const turn = async (submission: Submission, work: () => Promise<void>): Promise<void> => {
    happenings(submission);
    const word = submission.text.trim();
    if (word === '/exit') await leave(0);
    if (word === '/clear' || word === '/compact') return renew(word);
    terminal.print(`• ${submission.text}`);
    setBusy(true);
    await hooks.call('UserPromptSubmit', { prompt: submission.text });
    for (const [, command = ''] of submission.text.matchAll(/RUN<<([\s\S]*?)>>/g)) await run(command);
    await work();
    const results = await hooks.call('Stop', { stop_hook_active: submission.by === 'hook' });
    setBusy(false);
    const [objection] = results.flatMap(({ stdout }) => objectionOf(stdout));
    if (objection !== undefined && submission.by !== 'hook') {
      await turn({ type: 'submitted', text: objection, by: 'hook' }, async () => undefined);
    }
  };

  const renew = async (word: '/clear' | '/compact'): Promise<void> => {
    if (word === '/compact') {
      await hooks.call('PreCompact', { trigger: 'manual' });
      await hooks.call('SessionStart', { source: 'compact' });
      return;
    }
    await hooks.call('SessionEnd', { reason: 'clear' });
    hooks.rename(randomUUID());
    await hooks.call('SessionStart', { source: 'clear' });
  };

  const run = async (command: string): Promise<void> => {
    const verdicts = await hooks.call('PreToolUse', { tool_name: 'Bash', tool_input: { command } }, 'Bash');
    const blocked = verdicts.find(({ code }) => code === 2);
    if (blocked !== undefined) {
      happenings({ type: 'blocked', command, reason: blocked.stderr.trim() });
      return;
    }
    const { code, stdout, stderr } = await shell(command, { env: { ...process.env, CLAUDECODE: '1' } });
    happenings({ type: 'ran', command, code, output: `${stdout}${stderr}` });
    terminal.print(`$ ${command}\n${stdout}${stderr}`.trimEnd());
  };

  const work = async (until: () => boolean): Promise<void> => {
    setBusy(true);
    interrupted = false;
    const over = (): boolean => until() || interrupted;
    while (!over()) await sleep(POLL_MS);
    setBusy(false);
  };

  const ask = async (question: Question): Promise<void> => {
    const option = await terminal.ask(question);
    happenings({ type: 'answered', title: question.title, option });
    if (question.wanted !== undefined && option !== question.wanted) await leave(1);
  };

  const idle = async (count: number): Promise<void> => {
    setBusy(false);
    for (let read = 0; read < count; read += 1) await turn(await next(), async () => undefined);
  };

  const limit = (notice: string): void => {
    setBusy(false);
    terminal.print(notice);
  };

  const step = async (todo: Step): Promise<void> => {
    if ('run' in todo) return run(todo.run);
    if ('spawn' in todo) return startBackground(todo.spawn);
    if ('print' in todo) return terminal.print(todo.print);
    if ('busy' in todo) return workFor(todo.busy);
    if ('busyUntil' in todo) return work(() => existsSync(todo.busyUntil));
    if ('read' in todo) return idle(todo.read);
    if ('ask' in todo) return ask(todo.ask);
    if ('limit' in todo) return limit(todo.limit);
    if ('ignoreTerm' in todo) return void process.on('SIGTERM', () => undefined);
    if ('exit' in todo) return leave(todo.exit);
    if ('signal' in todo) return void process.kill(process.pid, todo.signal);
    return idle(Infinity);
  };

  const workFor = (ms: number): Promise<void> => {
    const end = performance.now() + ms;
    return work(() => performance.now() >= end);
  };

  const startBackground = (command: string): void => {
    const child = spawn('sh', ['-c', command], { stdio: 'ignore' });
    happenings({ type: 'spawned', pid: child.pid ?? 0 });
  };

  const setBusy = (now: boolean): void => {
    busy = now;
    terminal.setBusy(now);
  };

  const leave = async (code: number): Promise<never> => {
    await hooks.call('SessionEnd', { reason: 'prompt_input_exit' });
    terminal.close();
    process.exit(code);
  };

  const doSteps = async (): Promise<void> => {
    for (const todo of steps) await step(todo);
  };

  return {
    run: async (): Promise<void> => {
      happenings({ type: 'started', pid: process.pid, cwd: process.cwd(), argv: process.argv.slice(2) });
      await hooks.call('SessionStart', { source });
      const first = inbox.shift();
      if (first === undefined) await doSteps();
      else await turn(first, doSteps);
      await idle(Infinity);
    },
  };
}

function objectionOf(stdout: string): readonly string[] {
  try {
    const parsed = Decision.safeParse(JSON.parse(stdout));
    return parsed.success && parsed.data.decision === 'block' ? [parsed.data.reason] : [];
  } catch {
    return [];
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
