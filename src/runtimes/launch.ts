import { RefusedError } from '../core/errors.ts';
import type { HookSetup } from './provider-files.ts';
import type { RuntimeRecord } from './types.ts';

export interface LaunchRequest {
  readonly runtime: RuntimeRecord;
  /** Text that tells the agent what to do first. */
  readonly prompt?: string | undefined;
  /** UUID that a new conversation shall have, where the runtime takes one. */
  readonly conversation: string;
  /** Go on with an earlier conversation instead of a new one. */
  readonly resume?: Resume | undefined;
  /** The hook files that were written for it; undefined = it has no hooks. */
  readonly hooks?: HookSetup | undefined;
  /** Where `$NAME` values of the record's environment come from. */
  readonly lookUp: Readonly<Record<string, string>>;
}

/** Which conversation to go on with; without an id the runtime's newest one of its folder. */
export interface Resume {
  readonly conversation?: string | undefined;
}

export interface Launch {
  readonly argv: readonly [string, ...string[]];
  /** Variables that the record adds. */
  readonly env: Readonly<Record<string, string>>;
  /** The conversation's id, where gt knows it. */
  readonly conversation: string | undefined;
  /** Typed once the agent is ready, for runtimes without a prompt argument. */
  readonly typedPrompt: string | undefined;
}

/**
 * The command line that starts the agent, and what to type when a prompt cannot be an argument. RefusedError
 * `agent.no-resume` for a conversation that this runtime cannot go on with.
 */
export function planLaunch(request: LaunchRequest): Launch {
  const { runtime } = request;
  const prompt = promptText(request);
  const conversation = conversationWords(request);
  const [first, ...rest] = [
    ...runtime.execWrapper,
    runtime.command,
    ...conversation.subcommand,
    ...runtime.args,
    ...conversation.flags,
    ...hooksWords(request),
    ...promptWords(runtime, prompt),
  ];
  return {
    argv: [first ?? runtime.command, ...rest],
    env: { ...resolveEnv(runtime.env, request.lookUp), ...request.hooks?.env },
    conversation: conversation.id,
    typedPrompt: runtime.prompt.kind === 'typed' ? prompt : undefined,
  };
}

interface ConversationWords {
  readonly subcommand: readonly string[];
  readonly flags: readonly string[];
  readonly id: string | undefined;
}

/** A resumed conversation keeps its id: the flag that chooses one goes with new conversations only. */
function conversationWords({ runtime, conversation, resume }: LaunchRequest): ConversationWords {
  if (resume === undefined) {
    const { sessionIdFlag } = runtime;
    return sessionIdFlag === undefined
      ? { subcommand: [], flags: [], id: undefined }
      : { subcommand: [], flags: [sessionIdFlag, conversation], id: conversation };
  }
  const { conversation: id } = resume;
  if (id === undefined && runtime.continueFlag !== undefined) {
    return { subcommand: [], flags: [runtime.continueFlag], id };
  }
  if (id === undefined || runtime.resume === undefined) throw cannotResume(runtime);
  const words = [...runtime.resume.word.split(' '), id];
  return runtime.resume.style === 'subcommand'
    ? { subcommand: words, flags: [], id }
    : { subcommand: [], flags: words, id };
}

function cannotResume(runtime: RuntimeRecord): RefusedError {
  return new RefusedError({
    code: 'agent.no-resume',
    message: `agent '${runtime.name}' cannot go on with an earlier conversation`,
    hint: 'Start it anew instead',
  });
}

/** An agent without hooks is told to fetch its context itself. */
function promptText({ runtime, prompt, hooks }: LaunchRequest): string | undefined {
  if (prompt === undefined || runtime.kind === 'script') return undefined;
  const primed = hooks !== undefined && runtime.hooks?.informational === false;
  return primed ? prompt : `${prompt}\nRun \`gt prime\` first.`;
}

function hooksWords({ runtime, hooks }: LaunchRequest): readonly string[] {
  const flag = runtime.hooks?.flag;
  return flag === undefined || hooks === undefined ? [] : [flag, hooks.file];
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
export function resolveEnv(
  env: Readonly<Record<string, string>>,
  lookUp: Readonly<Record<string, string>>,
): Record<string, string> {
  const resolved = Object.entries(env).map(([key, value]) => {
    const name = /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
    return [key, name === undefined ? value : lookUp[name]] as const;
  });
  return Object.fromEntries(resolved.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
