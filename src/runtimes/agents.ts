import type { TownContext } from '../beads/context.ts';
import { NotFoundError, RefusedError, UsageError } from '../core/errors.ts';
import { corrupt, updateJsonFile, valueAt, withValueAt } from '../town/json-file.ts';
import { SETTINGS_HEADER } from '../town/settings.ts';
import { describeIssue } from '../town/town-file.ts';
import { readAgentFiles } from './agent-files.ts';
import { makeCatalog } from './catalog.ts';
import { formatCommandLine, splitCommandLine } from './command-line.ts';
import { requireFit } from './fitness.ts';
import { agentSchema } from './preset.ts';
import type { AgentDefinition } from './preset.ts';
import { PRESETS, SCRIPT_RUNTIME } from './presets.ts';
import type { RuntimeRecord } from './types.ts';

/** One row of `gt config agent list --json`. */
export interface AgentRow {
  readonly name: string;
  readonly command: string;
  /** As one line; absent when there are none. */
  readonly args?: string;
  readonly type: 'built-in' | 'custom';
  readonly is_custom: boolean;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export async function listAgents(ctx: TownContext): Promise<readonly AgentRow[]> {
  const catalog = makeCatalog(await readAgentFiles(ctx.ports.files, ctx.paths, undefined), ctx.gtArgv);
  return catalog.names.flatMap((name) => {
    const record = catalog.find(name);
    return record === undefined ? [] : [rowOf(record)];
  });
}

/** The record behind a name; NotFoundError `agent.not-found`. */
export async function readAgent(ctx: TownContext, name: string): Promise<RuntimeRecord> {
  return makeCatalog(await readAgentFiles(ctx.ports.files, ctx.paths, undefined), ctx.gtArgv).get(name);
}

export function rowOf(record: RuntimeRecord): AgentRow {
  return {
    name: record.name,
    command: record.kind === 'script' ? '(built in)' : record.command,
    ...(record.args.length === 0 || record.kind === 'script' ? {} : { args: formatCommandLine(record.args) }),
    type: record.custom ? 'custom' : 'built-in',
    is_custom: record.custom,
  };
}

export interface AgentCommand {
  readonly name: string;
  /** As typed: `claude --model haiku`. */
  readonly commandLine: string;
  /** Preset whose abilities it has; absent = by the program's name. */
  readonly provider?: string | undefined;
}

/**
 * Writes `agents.<name>` of settings/config.json (other keys of it stay). UsageError `agent.bad-name`,
 * `agent.bad-command`; NotFoundError `agent.no-provider`; RefusedError `agent.unfit`.
 */
export async function setAgent(ctx: TownContext, request: AgentCommand): Promise<RuntimeRecord> {
  const { name, provider } = request;
  if (!NAME.test(name) || name === SCRIPT_RUNTIME) throw badName(name);
  if (provider !== undefined && !Object.hasOwn(PRESETS, provider)) throw noProvider(provider);
  const [command, ...args] = splitCommandLine(request.commandLine);
  const definition: AgentDefinition = { ...(provider === undefined ? {} : { provider }), command, args };
  const catalog = makeCatalog(await readAgentFiles(ctx.ports.files, ctx.paths, undefined), ctx.gtArgv);
  await updateJsonFile(ctx, settingsTarget(ctx), (doc) => {
    const before = valueAt(doc, ['agents', name]);
    const kept = typeof before === 'object' && before !== null ? before : {};
    requireFit(catalog.of(name, parsedAgent({ ...kept, ...definition }, ctx.paths.settingsFile)));
    return withValueAt(doc, ['agents', name], { ...kept, ...definition });
  });
  return readAgent(ctx, name);
}

/** Removes a custom agent. RefusedError `agent.built-in`, NotFoundError `agent.not-found`. */
export async function removeAgent(ctx: TownContext, name: string): Promise<void> {
  const row = rowOf(await readAgent(ctx, name));
  if (!row.is_custom) {
    throw new RefusedError({
      code: 'agent.built-in',
      message: `'${name}' is built in and cannot be removed`,
    });
  }
  await updateJsonFile(ctx, settingsTarget(ctx), (doc) => withValueAt(doc, ['agents', name], undefined));
}

function parsedAgent(raw: unknown, path: string): AgentDefinition {
  const result = agentSchema.safeParse(raw);
  if (result.success) return result.data;
  throw corrupt(path, result.error.issues.map(describeIssue).join('; '));
}

function settingsTarget(ctx: TownContext) {
  return {
    path: ctx.paths.settingsFile,
    lock: 'config',
    header: SETTINGS_HEADER,
    initial: { type: SETTINGS_HEADER.type, version: SETTINGS_HEADER.version },
  } as const;
}

function badName(name: string): UsageError {
  return new UsageError({
    code: 'agent.bad-name',
    message: `'${name.slice(0, 60)}' cannot name an agent`,
    hint: 'Use letters, digits, _, . and -; script is taken by the built-in runner',
  });
}

function noProvider(provider: string): NotFoundError {
  return new NotFoundError({
    code: 'agent.no-provider',
    message: `no built-in runtime '${provider.slice(0, 60)}' to take abilities from`,
    hint: `Known: ${Object.keys(PRESETS).join(', ')}`,
  });
}
