import type { RuntimeRecord } from './types.ts';

export interface LaunchRequest {
  readonly runtime: RuntimeRecord;
  /** Text that tells the agent what to do first. */
  readonly prompt?: string | undefined;
  /** UUID that the conversation shall have. */
  readonly conversation: string;
  /** Absolute path of the hook settings that were written for it; undefined = it has no hooks. */
  readonly hooksFile?: string | undefined;
  /** Where `$NAME` values of the record's environment come from. */
  readonly lookUp: Readonly<Record<string, string>>;
}

export interface Launch {
  readonly argv: readonly [string, ...string[]];
  /** Variables that the record adds. */
  readonly env: Readonly<Record<string, string>>;
  /** Typed once the agent is ready, for runtimes without a prompt argument. */
  readonly typedPrompt: string | undefined;
}

/** The command line that starts the agent, and what to type when a prompt cannot be an argument. */
export function planLaunch(request: LaunchRequest): Launch {
  const { runtime } = request;
  const prompt = promptText(request);
  const [first, ...rest] = [
    ...runtime.execWrapper,
    runtime.command,
    ...runtime.args,
    ...(runtime.sessionIdFlag === undefined ? [] : [runtime.sessionIdFlag, request.conversation]),
    ...hooksWords(request),
    ...promptWords(runtime, prompt),
  ];
  return {
    argv: [first ?? runtime.command, ...rest],
    env: resolveEnv(runtime.env, request.lookUp),
    typedPrompt: runtime.prompt.kind === 'typed' ? prompt : undefined,
  };
}

/** An agent without hooks is told to fetch its context itself. */
function promptText({ runtime, prompt, hooksFile }: LaunchRequest): string | undefined {
  if (prompt === undefined || runtime.kind === 'script') return undefined;
  const primed = hooksFile !== undefined && runtime.hooks?.informational === false;
  return primed ? prompt : `${prompt}\nRun \`gt prime\` first.`;
}

function hooksWords({ runtime, hooksFile }: LaunchRequest): readonly string[] {
  const flag = runtime.hooks?.flag;
  return flag === undefined || hooksFile === undefined ? [] : [flag, hooksFile];
}

/** A prompt that begins with a dash would be read as a flag. */
function promptWords({ prompt: style }: RuntimeRecord, prompt: string | undefined): readonly string[] {
  if (prompt === undefined) return [];
  switch (style.kind) {
    case 'positional':
      return [prompt.startsWith('-') ? ` ${prompt}` : prompt];
    case 'flag':
      return [style.flag, prompt];
    case 'typed':
    case 'none':
      return [];
  }
}

/** `$NAME` as the whole value is looked up now; a name that is not set leaves the variable out. */
function resolveEnv(
  env: Readonly<Record<string, string>>,
  lookUp: Readonly<Record<string, string>>,
): Record<string, string> {
  const resolved = Object.entries(env).map(([key, value]) => {
    const name = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
    return [key, name === undefined ? value : lookUp[name]] as const;
  });
  return Object.fromEntries(resolved.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
