import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { formatAge } from '../../core/duration.ts';
import { UsageError } from '../../core/errors.ts';
import { contextAnswer } from '../../hooks/hook-answer.ts';
import { NO_PAYLOAD } from '../../hooks/hook-payload.ts';
import type { HookPayload } from '../../hooks/hook-payload.ts';
import { runPrime } from '../../hooks/prime/prime.ts';
import { readSessionState } from '../../hooks/prime/state.ts';
import { whoAmI } from '../../town/identity.ts';
import { spawnOf, strangerLine } from '../acting-town.ts';
import { formatOf } from '../hook-format.ts';
import { readHookInput } from '../hook-input.ts';

export const schema = z.object({
  state: z.enum(['normal', 'post-handoff', 'crash-recovery', 'autonomous']),
  role: z.string(),
  prev_session: z.optional(z.string()),
  checkpoint_age: z.optional(z.string()),
  hooked_bead: z.optional(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.json && !input.bool('state')) {
    throw new UsageError({ code: 'prime.options', message: '--json needs --state' });
  }
  if (input.bool('state')) return readState(app);
  const town = await app.town();
  const stranger = await strangerLine(town);
  const payload = await readPayload(app, input);
  const primed = await runPrime(town, {
    agent: town.actor,
    hook: input.bool('hook'),
    payload,
    spawn: spawnOf(app),
    sessionId: app.env['GT_SESSION_ID'] ?? app.env['CLAUDE_CODE_SESSION_ID'] ?? app.env['CLAUDE_SESSION_ID'],
    stranger,
    dryRun: input.bool('dry-run'),
  });
  const warnings = stranger === undefined ? [] : [stranger];
  return {
    text: contextAnswer(formatOf(input), 'start', primed.text),
    warnings: input.bool('explain') ? [...warnings, await explain(app, payload, primed.sources)] : warnings,
    afterPrint: primed.told,
  };
}

async function readPayload(app: AppContext, input: CommandInput): Promise<HookPayload> {
  const payload = input.bool('hook') ? await readHookInput(app) : NO_PAYLOAD;
  return { ...payload, source: payload.source ?? app.env['GT_HOOK_SOURCE'] };
}

async function explain(app: AppContext, payload: HookPayload, sources: readonly string[]): Promise<string> {
  const { root, ports } = await app.town();
  const { source } = await whoAmI({ env: app.env, cwd: app.cwd, files: ports.files, root });
  const session = [
    `identity from ${source}`,
    `spawn ${spawnOf(app) ?? 'none'}`,
    `source ${payload.source ?? 'none'}`,
  ];
  return `Based on: ${[...session, ...sources].join(', ')}`;
}

async function readState(app: AppContext): Promise<CommandReply> {
  const town = await app.town();
  const { state, previous, checkpoint, heldBead } = await readSessionState(town, town.actor);
  const age = checkpoint && formatAge(town.ports.clock.now() - Date.parse(checkpoint.timestamp));
  const data = {
    state,
    role: formatAddress(town.actor),
    ...(previous === undefined || previous === '' ? {} : { prev_session: previous }),
    ...(age === undefined ? {} : { checkpoint_age: age }),
    ...(heldBead === undefined ? {} : { hooked_bead: heldBead }),
  };
  const text = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
  return { data, text: text.join('\n') };
}
