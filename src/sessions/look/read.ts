import { join } from 'node:path';
import * as z from 'zod/mini';
import type { TownContext } from '../../beads/context.ts';
import type { AgentAddress } from '../../core/address.ts';
import { formatAddress } from '../../core/address.ts';
import { GtError } from '../../core/errors.ts';
import type { SessionName } from '../../core/names.ts';
import { ROLE_ICON } from '../../core/role-icon.ts';
import type { SessionLook } from '../../ports/tmux-ui.ts';
import { rigNamed } from '../../rig/registry.ts';
import { readRigSettings } from '../../rig/settings.ts';
import { corrupt, readJsonFile } from '../../town/json-file.ts';
import { describeIssue } from '../../town/town-file.ts';
import { parseColour } from './palette.ts';
import { resolveTheme } from './resolve.ts';
import type { Theme, ThemeQuery, ThemeSettings, TintSettings } from './resolve.ts';

/** Bar and colours of an agent's session. Settings that cannot be read cost the colours, never the session. */
export async function lookOf(
  ctx: TownContext,
  agent: AgentAddress,
  session: SessionName,
): Promise<SessionLook> {
  try {
    return await readLook(ctx, agent, session);
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    ctx.ports.log.warn('the theme was not read', { session, why: error.message });
    return plainLook(agent, session);
  }
}

/** Throws what `readTheme` throws. */
export async function readLook(
  ctx: TownContext,
  agent: AgentAddress,
  session: SessionName,
): Promise<SessionLook> {
  const { colours, tint } = await readTheme(ctx, agent);
  return { ...plainLook(agent, session), colours, tint };
}

function plainLook(agent: AgentAddress, session: SessionName): SessionLook {
  const { role } = agent;
  const title = role === 'mayor' ? 'Mayor' : role === 'deacon' ? 'Deacon' : session;
  return { address: formatAddress(agent), label: `${ROLE_ICON[role]} ${title}` };
}

/** The theme of an agent by all settings. UnreadableError `file.corrupt`, NotFoundError `rig.not-found`. */
export async function readTheme(ctx: TownContext, agent: ThemeQuery): Promise<Theme> {
  const [town, rig] = await Promise.all([
    readTownTheme(ctx),
    agent.rig === undefined ? undefined : readRigTheme(ctx, agent.rig),
  ]);
  return resolveTheme(agent, { town, rig });
}

async function readTownTheme(ctx: TownContext): Promise<ThemeSettings> {
  const path = join(ctx.root, 'mayor/config.json');
  const doc = await readJsonFile(ctx.ports.files, path);
  return parseTheme(doc?.['theme'] ?? {}, path);
}

async function readRigTheme(ctx: TownContext, name: string): Promise<ThemeSettings> {
  const rig = await rigNamed(ctx, name);
  return parseTheme((await readRigSettings(ctx, rig)).get('theme'), rig.paths.settingsFile);
}

const colour = z.pipe(
  z.string().check(z.refine((text) => parseColour(text) !== undefined, 'must be a colour such as #1e3a5f')),
  z.transform((text: string) => parseColour(text) ?? text),
);
const words = z._default(z.record(z.string(), z.string()), {});
const pair = z.object({ bg: colour, fg: z.optional(colour) });
const themeSchema = z.object({
  disabled: z._default(z.boolean(), false),
  name: z.optional(z.string()),
  custom: z.optional(pair),
  crew_themes: words,
  role_themes: words,
  role_defaults: words,
  window_tint: z.optional(
    z.object({
      enabled: z._default(z.boolean(), false),
      name: z.optional(z.string()),
      custom: z.optional(z.union([colour, pair])),
      role_tints: words,
      tint_factor: z._default(z.number(), 0.4),
    }),
  ),
});

/** The same shape in the town's and in a rig's file; the town calls its roles `role_defaults`. */
function parseTheme(raw: unknown, path: string): ThemeSettings {
  const parsed = themeSchema.safeParse(raw);
  if (!parsed.success) throw corrupt(path, `theme: ${parsed.error.issues.map(describeIssue).join('; ')}`);
  const { disabled, name, custom, crew_themes, role_themes, role_defaults, window_tint } = parsed.data;
  return {
    disabled,
    name: name === '' ? undefined : name,
    custom: custom === undefined ? undefined : { bg: custom.bg, fg: custom.fg ?? 'default' },
    crew: crew_themes,
    roles: { ...role_defaults, ...role_themes },
    tint: window_tint?.enabled === true ? tintOf(window_tint) : undefined,
  };
}

type RawTint = NonNullable<z.infer<typeof themeSchema>['window_tint']>;

function tintOf({ name, custom, role_tints, tint_factor }: RawTint): TintSettings {
  const bg = typeof custom === 'string' ? custom : custom?.bg;
  return { name, custom: bg, roles: role_tints, factor: tint_factor };
}
