import * as z from 'zod/mini';
import type { CommandInput, CommandModule, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import type { AgentAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { chooseRig } from '../../rig/choose-rig.ts';
import { renderStarted, renderWatched } from '../../ui/text/roles.ts';
import { startRole, startRoleSession } from '../../watchdog/roles/start.ts';
import type { RoleStart, StartedRole, WatchedRole } from '../../watchdog/roles/start.ts';
import { readRoleStatus } from '../../watchdog/roles/status.ts';
import { watch } from '../mq/process.ts';
import { actingTown } from '../acting-town.ts';
import { addressOf } from './role-command.ts';
import type { NamedRole } from './role-command.ts';

export const schema = z.object({
  agent: z.string(),
  session: z.optional(z.string()),
  started: z.boolean(),
  spawn: z.optional(z.number()),
  /** Its work is code of the daemon. */
  watched_by_daemon: z.optional(z.boolean()),
});

/** `gt <role> start`. */
export function startOf(role: NamedRole): CommandModule {
  return {
    schema,
    async run(app, input) {
      if (hasForeground(role) && input.bool('foreground')) return foreground(app, input, role);
      const ctx = await actingTown(app);
      const start = { ...asked(role, input), address: await addressOf(ctx, role, { app, input }) };
      return startReply(app, start, await startRole(ctx, start));
    },
  };
}

/** `gt <role> restart`: an agent that runs is replaced; work that is code goes on as it is. */
export function restartOf(role: NamedRole): CommandModule {
  return {
    schema,
    async run(app, input) {
      const ctx = await actingTown(app);
      const address = await addressOf(ctx, role, { app, input });
      const { seen } = await readRoleStatus(ctx, address);
      const start = { ...asked(role, input), address, fresh: true };
      const started = seen.kind === 'live' ? await startRoleSession(ctx, start) : await startRole(ctx, start);
      return startReply(app, start, started);
    },
  };
}

function asked(role: NamedRole, input: CommandInput): Pick<RoleStart, 'agent' | 'env'> {
  return { agent: input.flag('agent'), env: role === 'witness' ? envOf(input.list('env')) : {} };
}

function hasForeground(role: NamedRole): role is 'witness' | 'refinery' {
  return role === 'witness' || role === 'refinery';
}

/** What the daemon would do, here: the merge engine of a rig, or all of its watching. */
async function foreground(
  app: AppContext,
  input: CommandInput,
  role: 'witness' | 'refinery',
): Promise<CommandReply> {
  if (role === 'witness') return (await import('../daemon/run.ts')).run(app, input);
  const ctx = await app.town();
  const rig = await chooseRig(ctx, { name: input.arg('rig'), cwd: app.cwd });
  return watch(app, ctx, rig);
}

export function startReply(
  app: AppContext,
  { address }: Pick<RoleStart, 'address'>,
  started: StartedRole | WatchedRole,
): CommandReply {
  const paint = app.output.style;
  if ('daemon' in started)
    return watchedReply(address, started, renderWatched(address, started.daemon, paint));
  const { session, how, spawn } = started;
  return {
    data: { agent: formatAddress(address), session, started: how === 'started', spawn },
    text: renderStarted(address, started, paint),
  };
}

function watchedReply(address: AgentAddress, { daemon }: WatchedRole, text: string): CommandReply {
  return {
    data: { agent: formatAddress(address), started: daemon.running, watched_by_daemon: daemon.running },
    text,
  };
}

function envOf(words: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(words.map(variableOf));
}

function variableOf(word: string): readonly [string, string] {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(word) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new UsageError({
    code: 'role.bad-env',
    message: `'${word.slice(0, 60)}' is no variable`,
    hint: 'Write --env NAME=value',
  });
}
