import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Happenings } from './log.ts';

const Settings = z.looseObject({
  hooks: z
    .record(
      z.string(),
      z.array(
        z.looseObject({
          matcher: z.string().optional(),
          hooks: z.array(z.looseObject({ type: z.string(), command: z.string() })),
        }),
      ),
    )
    .optional(),
});

export interface HookResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Hooks {
  /** From now on it is another conversation. */
  rename(session: string): void;
  /** Calls every command of the event whose matcher fits `tool` ('' = all), one after the other. */
  call(
    event: string,
    fields?: Readonly<Record<string, unknown>>,
    tool?: string,
  ): Promise<readonly HookResult[]>;
}

export interface HookOptions {
  readonly settings: string | undefined;
  readonly session: string;
  readonly happenings: Happenings;
}

export function createHooks({ settings, session: first, happenings }: HookOptions): Hooks {
  let session = first;
  const entries =
    settings === undefined ? {} : (Settings.parse(JSON.parse(readFileSync(settings, 'utf8'))).hooks ?? {});
  return {
    rename: (next) => (session = next),
    call: async (event, fields = {}, tool = '') => {
      const results: HookResult[] = [];
      const env = {
        ...process.env,
        CLAUDE_CODE_SESSION_ID: session,
        CLAUDE_PROJECT_DIR: process.cwd(),
        CLAUDECODE: '1',
      };
      const fitting = (entries[event] ?? []).filter(({ matcher = '' }) => matcher === '' || matcher === tool);
      for (const { command } of fitting.flatMap(({ hooks }) => hooks)) {
        const payload = { session_id: session, cwd: process.cwd(), hook_event_name: event, ...fields };
        const result = await shell(command, { env, input: JSON.stringify(payload) });
        happenings({ type: 'hook', event, command, code: result.code, output: result.stdout });
        results.push(result);
      }
      return results;
    },
  };
}

/** Runs a shell command to its end; 127 when it could not be started, 128 + signal otherwise. */
export function shell(
  command: string,
  { env, input }: { readonly env: NodeJS.ProcessEnv; readonly input?: string },
): Promise<HookResult> {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', command], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('error', (error) => resolve({ code: 127, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 128, stdout, stderr }));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}
