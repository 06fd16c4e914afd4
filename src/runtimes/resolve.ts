import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Role } from '../core/address.ts';
import type { Effort } from '../core/effort.ts';
import type { RigName } from '../core/names.ts';
import { readAgentFiles } from './agent-files.ts';
import type { AgentFiles } from './agent-files.ts';
import { makeCatalog } from './catalog.ts';
import type { Catalog } from './catalog.ts';
import { parseCostTier, tierChoice } from './cost-tiers.ts';
import type { CostTier } from './cost-tiers.ts';
import { requireFit } from './fitness.ts';
import { DEFAULT_RUNTIME } from './presets.ts';
import type { RuntimeRecord } from './types.ts';

export interface RuntimeRequest {
  /** `--agent`; may carry extra arguments (`opencode acp`). */
  readonly agent?: string | undefined;
  readonly role: Role;
  readonly rig?: RigName | undefined;
  /** Name of the polecat, crew member or dog. */
  readonly worker?: string | undefined;
  /** GT_COST_TIER: for what this process starts, before the roles of the settings. */
  readonly tier?: CostTier | undefined;
}

/**
 * The one place that decides which runtime an agent gets, and how hard it thinks (order of spec 08 §2). An agent asked for by name must be there: NotFoundError `agent.not-found`, `agent.not-installed`. One
 * that comes from settings and is not installed is replaced by the town's default with a warning. RefusedError
 * `agent.unfit` for a definition that asks for what gt cannot do.
 */
export async function resolveRuntime(
  ctx: TownContext,
  asked: Omit<RuntimeRequest, 'tier'>,
): Promise<RuntimeRecord> {
  const files = await readAgentFiles(ctx.ports.files, ctx.paths, asked.rig);
  const named = ctx.env['GT_COST_TIER'] ?? '';
  const request = { ...asked, tier: named === '' ? undefined : parseCostTier(named) };
  const record = await resolveRecord(ctx, files, request);
  return { ...record, effort: effortOf(files, request) };
}

async function resolveRecord(
  ctx: TownContext,
  files: AgentFiles,
  request: RuntimeRequest,
): Promise<RuntimeRecord> {
  const catalog = makeCatalog(files, ctx.gtArgv);
  if (request.agent !== undefined && request.agent !== '') {
    const wanted = requireFit(catalog.get(request.agent));
    return (await installed(ctx, wanted)) ?? fail(wanted);
  }
  const chosen = requireFit(chooseRuntime(files, request, catalog));
  const fallback = catalog.get(files.town.default_agent ?? DEFAULT_RUNTIME);
  const found = await installed(ctx, chosen);
  if (found !== undefined) return found;
  ctx.ports.log.warn('agent is not installed, using the default', {
    agent: chosen.name,
    default: fallback.name,
  });
  return (await installed(ctx, fallback)) ?? fail(fallback);
}

/** The order of say, pure: member, cost tier, role, rig, town, claude. A tier never displaces another vendor. */
export function chooseRuntime(files: AgentFiles, request: RuntimeRequest, catalog: Catalog): RuntimeRecord {
  const { town, rig } = files;
  const member = request.worker ?? '';
  const byMember = rig.worker_agents?.[member] ?? town.crew_agents?.[member];
  if (byMember !== undefined) return catalog.get(byMember);
  const byRole = rig.role_agents?.[request.role] ?? town.role_agents?.[request.role];
  const usual = usualRuntime(files, catalog);
  const bySettings = byRole === undefined ? usual : catalog.get(byRole);
  if (!bySettings.preset.startsWith('claude')) return bySettings;
  const byTier = request.tier === undefined ? undefined : tierChoice(request.tier, request.role);
  if (byTier !== undefined) return byTier.agent === undefined ? usual : catalog.get(byTier.agent);
  return byRole === undefined && ERRANDS.has(request.role) ? catalog.get(CHEAP) : bySettings;
}

/** Whose tasks are small gets the cheap model of the usual vendor. */
export const ERRANDS: ReadonlySet<Role> = new Set(['boot', 'dog']);
export const CHEAP = 'claude-haiku';

function usualRuntime({ town, rig }: AgentFiles, catalog: Catalog): RuntimeRecord {
  if (rig.runtime?.command !== undefined || rig.runtime?.provider !== undefined) {
    return catalog.of(rig.runtime.provider ?? 'runtime', rig.runtime);
  }
  return catalog.get(rig.agent ?? town.default_agent ?? DEFAULT_RUNTIME);
}

/** Pure: how hard the model of a role thinks. */
export function effortOf({ town, rig }: AgentFiles, { role, tier }: RuntimeRequest): Effort {
  const byTier = tier === undefined ? undefined : tierChoice(tier, role)?.effort;
  return byTier ?? rig.role_effort?.[role] ?? town.role_effort?.[role] ?? 'high';
}

/** The record with the path of its program, or undefined when it is not there. Custom agents are taken as they are. */
async function installed(ctx: TownContext, record: RuntimeRecord): Promise<RuntimeRecord | undefined> {
  if (record.custom || record.kind === 'script') return record;
  const { processes, files } = ctx.ports;
  if ((await processes.which(record.command, ctx.env['PATH'] ?? '')) !== undefined) return record;
  if (record.command !== 'claude') return undefined;
  const local = join(ctx.env['HOME'] ?? '/', '.claude/local/claude');
  return (await files.stat(local)) === undefined ? undefined : { ...record, command: local };
}

function fail(record: RuntimeRecord): never {
  throw new NotFoundError({
    code: 'agent.not-installed',
    message: `agent '${record.name}' is not installed: no program '${record.command}' on PATH`,
    hint: 'Install it, or choose another: gt config agent list, gt config default-agent <name>',
  });
}
