import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { formatAddress } from '../../core/address.ts';
import { UsageError } from '../../core/errors.ts';
import { heldEverywhere } from '../../hooks/find-hooked.ts';
import { contextAnswer } from '../../hooks/hook-answer.ts';
import { NO_PAYLOAD, parseHookPayload } from '../../hooks/hook-payload.ts';
import type { HookPayload } from '../../hooks/hook-payload.ts';
import { runPrime } from '../../hooks/prime.ts';
import { whoAmI } from '../../town/identity.ts';
import { spawnOf, strangerLine } from '../acting-town.ts';
import { formatOf } from '../hook-format.ts';

export const schema = z.object({
  state: z.enum(['normal', 'autonomous']),
  role: z.string(),
  hooked_bead: z.optional(z.string()),
});

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  if (input.json && !input.bool('state')) {
    throw new UsageError({ code: 'prime.options', message: '--json needs --state' });
  }
  if (input.bool('state')) return readState(app);
  const town = await app.town();
  const { source } = await whoAmI({
    env: app.env,
    cwd: app.cwd,
    files: town.ports.files,
    root: town.root,
  });
  const stranger = await strangerLine(town);
  const payload = await readPayload(app, input);
  const primed = await runPrime(town, {
    agent: town.actor,
    hook: input.bool('hook'),
    payload,
    spawn: spawnOf(app),
    sessionId: app.env['GT_SESSION_ID'] ?? app.env['CLAUDE_CODE_SESSION_ID'] ?? app.env['CLAUDE_SESSION_ID'],
    // Somebody else's session is shown what there is; it begins nothing.
    dryRun: input.bool('dry-run') || stranger !== undefined,
  });
  const text = contextAnswer(formatOf(input), 'start', primed);
  const warnings = stranger === undefined ? [] : [stranger];
  const explained = `Based on: identity from ${source}, spawn ${spawnOf(app) ?? 'none'}, source ${payload.source ?? 'none'}`;
  return { text, warnings: input.bool('explain') ? [...warnings, explained] : warnings };
}

async function readPayload(app: AppContext, input: CommandInput): Promise<HookPayload> {
  const payload = input.bool('hook') ? parseHookPayload(await app.stdin()) : NO_PAYLOAD;
  return { ...payload, source: payload.source ?? app.env['GT_HOOK_SOURCE'] };
}

async function readState(app: AppContext): Promise<CommandReply> {
  const town = await app.town();
  const [bead] = (await heldEverywhere(town, town.actor)).held;
  const data = {
    state: bead === undefined ? 'normal' : 'autonomous',
    role: formatAddress(town.actor),
    ...(bead === undefined ? {} : { hooked_bead: bead.id }),
  };
  const text = Object.entries(data).map(([key, value]) => `${key}: ${value}`);
  return { data, text: text.join('\n') };
}
