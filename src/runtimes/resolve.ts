import { join } from 'node:path';
import type { TownContext } from '../beads/context.ts';
import { NotFoundError } from '../core/errors.ts';
import type { Role } from '../core/address.ts';
import type { RigName } from '../core/names.ts';
import { readAgentFiles } from './agent-files.ts';
import type { AgentFiles } from './agent-files.ts';
import { makeCatalog } from './catalog.ts';
import type { Catalog } from './catalog.ts';
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
}

/**
 * The one place that decides which runtime an agent gets (order of spec 08 §2, cost tiers left out until they
 * exist). An agent asked for by name must be there: NotFoundError `agent.not-found`, `agent.not-installed`. One
 * that comes from settings and is not installed is replaced by the town's default with a warning. RefusedError
 * `agent.unfit` for a definition that asks for what gt cannot do.
 */
export async function resolveRuntime(ctx: TownContext, request: RuntimeRequest): Promise<RuntimeRecord> {
  const files = await readAgentFiles(ctx.ports.files, ctx.paths, request.rig);
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

/** The order of say, pure: member, role, rig, town, claude. */
export function chooseRuntime(files: AgentFiles, request: RuntimeRequest, catalog: Catalog): RuntimeRecord {
  const { town, rig } = files;
  const member = request.worker ?? '';
  const byMember = rig.worker_agents?.[member] ?? town.crew_agents?.[member];
  if (byMember !== undefined) return catalog.get(byMember);
  if (
    request.role === 'dog' &&
    catalog.get(town.default_agent ?? DEFAULT_RUNTIME).preset.startsWith('claude')
  ) {
    return catalog.get('claude-haiku');
  }
  const byRole = rig.role_agents?.[request.role] ?? town.role_agents?.[request.role];
  if (byRole !== undefined) return catalog.get(byRole);
  if (rig.runtime?.command !== undefined || rig.runtime?.provider !== undefined) {
    return catalog.of(rig.runtime.provider ?? 'runtime', rig.runtime);
  }
  return catalog.get(rig.agent ?? town.default_agent ?? DEFAULT_RUNTIME);
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
