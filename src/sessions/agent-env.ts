import type { AgentAddress } from '../core/address.ts';
import { emailOf, formatAddress, formatMailAddress, sessionOf } from '../core/address.ts';
import { unreachable } from '../core/errors.ts';
import type { TownContext } from '../beads/context.ts';
import type { Prefix } from '../core/names.ts';
import { gtFolder } from '../runtimes/gt-command.ts';
import { isIdentityVariable } from '../runtimes/identity-variables.ts';
import { readRoleDefinition, roleWords } from '../runtimes/role-definition.ts';
import type { RuntimeRecord } from '../runtimes/types.ts';
import { doltChildEnv, readDoltAddress } from '../town/dolt-address.ts';
import { isJsonObject, readJsonFile } from '../town/json-file.ts';
import { readTownSettings } from '../town/settings.ts';
import { inheritedEnv } from './inherited-env.ts';

export interface AgentEnvRequest {
  readonly address: AgentAddress;
  readonly prefix: Prefix;
  /** Number of this session start; absent = a command run for the agent outside any session. */
  readonly spawn?: number | undefined;
  readonly runtime?: RuntimeRecord | undefined;
  readonly bead?: string | undefined;
  readonly branch?: string | undefined;
  /** The agent's worktree or home. */
  readonly cwd?: string | undefined;
  /** UUID of the conversation. */
  readonly conversation?: string | undefined;
}

/**
 * The complete environment of an agent's processes, made from its identity and an allow list of the caller's
 * variables: no stray GT_*, BD_*, BEADS_* or foreign provider URL gets through (P18). Every child that acts as an
 * agent gets it from here.
 */
export async function agentEnv(ctx: TownContext, request: AgentEnvRequest): Promise<Record<string, string>> {
  const settings = await readTownSettings(ctx);
  const credentials = request.runtime?.kind !== 'script';
  return {
    ...(await programEnv(ctx, { credentials, wished: await ownRoleEnv(ctx, request) })),
    ...identityEnv(request.address, settings.get('agent_email_domain')),
    ...townEnv(ctx),
    ...(ctx.ports.store.kind === 'dolt' ? doltChildEnv(await readDoltAddress(ctx)) : {}),
    ...sessionEnv(request),
  };
}

/** The environment of a program that acts for nobody: what the caller may hand on, and what the town wishes. */
export async function programEnv(
  ctx: TownContext,
  what: { readonly credentials: boolean; readonly wished?: Readonly<Record<string, string>> },
): Promise<Record<string, string>> {
  const inherited = inheritedEnv(ctx.env, what);
  const wished = withoutIdentity({ ...(await daemonEnv(ctx)), ...what.wished });
  const PATH = pathWithGt(ctx.gtArgv, wished['PATH'] ?? inherited['PATH']);
  return { ...inherited, ...wished, PATH, ...testEnv(ctx.env) };
}

/** Who the agent is, in every form that gt, bd and git read (spec 01 §8). Pure. */
export function identityEnv(address: AgentAddress, emailDomain: string): Record<string, string> {
  const id = formatAddress(address);
  const name = authorName(address);
  return {
    GT_ROLE: id,
    BD_ACTOR: id,
    ...('rig' in address ? { GT_RIG: address.rig } : {}),
    ...workerEnv(address),
    GIT_AUTHOR_NAME: name,
    ...(address.role === 'crew'
      ? {}
      : {
          GIT_AUTHOR_EMAIL: emailOf(address, emailDomain),
          GIT_COMMITTER_NAME: name,
          GIT_COMMITTER_EMAIL: emailOf(address, emailDomain),
        }),
  };
}

function authorName(address: AgentAddress): string {
  return 'name' in address ? address.name : formatAddress(address).replace(/\/$/, '').replace('deacon/', '');
}

function workerEnv(address: AgentAddress): Record<string, string> {
  const name = formatMailAddress(address);
  switch (address.role) {
    case 'polecat':
      return { GT_POLECAT: address.name, BEADS_AGENT_NAME: name, BD_DOLT_AUTO_COMMIT: 'off' };
    case 'crew':
      return { GT_CREW: address.name, BEADS_AGENT_NAME: name };
    case 'dog':
      return { GT_DOG_NAME: address.name };
    case 'overseer':
    case 'mayor':
    case 'deacon':
    case 'boot':
    case 'witness':
    case 'refinery':
      return {};
    default:
      return unreachable(address, 'agent role');
  }
}

/** A git prompt would open the pane's terminal and read the agent's keys as a password. */
function townEnv(ctx: TownContext): Record<string, string> {
  return {
    GT_ROOT: ctx.root,
    GT_TOWN_ROOT: ctx.root,
    GT_TOWN_SOCKET: ctx.ports.tmux.socket,
    GIT_CEILING_DIRECTORIES: ctx.root,
    GIT_TERMINAL_PROMPT: '0',
    BD_BACKUP_ENABLED: 'false',
    ...testEnv(ctx.env),
  };
}

/**
 * A test's marks reach everything that runs for it: what survives it is found by them (P25), and a step may be held
 * in any of them. GT_TEST_STOP does not: it ends the one process that got it.
 */
export function testEnv(env: Readonly<Record<string, string>>): Record<string, string> {
  const names = ['GT_TEST', 'GT_TEST_RUN', 'GT_TEST_HOLD'];
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.includes(name)));
}

function sessionEnv({ address, prefix, spawn, runtime, ...rest }: AgentEnvRequest): Record<string, string> {
  const polecat = address.role === 'polecat';
  return withoutUndefined({
    GT_SESSION: sessionOf(address, prefix),
    GT_SPAWN: spawn === undefined ? undefined : String(spawn),
    GT_AGENT: runtime?.name,
    GT_PROCESS_NAMES: runtime === undefined ? undefined : runtime.processNames.join(','),
    GT_SESSION_ID: rest.conversation,
    GT_SESSION_ID_ENV: runtime?.sessionIdEnv,
    GT_ISSUE: rest.bead,
    GT_BRANCH: rest.branch,
    GT_POLECAT_PATH: polecat ? rest.cwd : undefined,
    GT_ROLE_HOME: polecat ? undefined : rest.cwd,
    CLAUDE_CODE_EFFORT_LEVEL:
      runtime?.preset.startsWith('claude') === true ? (runtime.effort ?? 'high') : undefined,
  });
}

/** `env` of mayor/daemon.json goes to every session. */
async function daemonEnv(ctx: TownContext): Promise<Record<string, string>> {
  const doc = await readJsonFile(ctx.ports.files, ctx.paths.daemonConfigFile);
  const env = doc?.['env'];
  if (!isJsonObject(env)) return {};
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

async function ownRoleEnv(
  ctx: TownContext,
  { address, prefix }: AgentEnvRequest,
): Promise<Record<string, string>> {
  const rig = 'rig' in address ? address.rig : undefined;
  const definition = await readRoleDefinition(ctx, address.role, rig);
  return roleWords(definition, { root: ctx.root, address, prefix }).env;
}

function withoutIdentity(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isIdentityVariable(name)));
}

/** The folder of our own `gt` and `bd` first: an agent must never meet another program of that name. */
/** Also the path of gates: what passes for a worker passes for the queue. */
export function pathWithGt(gtArgv: readonly [string, ...string[]], path: string | undefined): string {
  const bin = gtFolder(gtArgv);
  const rest = (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((folder) => folder !== bin);
  return [bin, ...rest].join(':');
}

function withoutUndefined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
