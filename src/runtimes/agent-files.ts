import * as z from 'zod/mini';
import type { Effort } from '../core/effort.ts';
import type { RigName } from '../core/names.ts';
import { UnreadableError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import { readRigSettings, rigSettingsOf } from '../rig/settings.ts';
import { readJsonFile } from '../town/json-file.ts';
import { rigPaths } from '../town/layout.ts';
import type { TownPaths } from '../town/layout.ts';
import { readTownSettings } from '../town/settings.ts';
import { describeIssue } from '../town/town-file.ts';
import { agentSchema, presetSchema } from './preset.ts';
import type { AgentDefinition, Preset } from './preset.ts';

/** What one settings/config.json says about agents. */
interface AgentSettings {
  readonly default_agent?: string | undefined;
  readonly agent?: string | undefined;
  readonly role_agents?: Readonly<Record<string, string>> | undefined;
  readonly role_effort?: Readonly<Record<string, Effort>> | undefined;
  readonly crew_agents?: Readonly<Record<string, string>> | undefined;
  readonly worker_agents?: Readonly<Record<string, string>> | undefined;
  readonly runtime?: AgentDefinition | undefined;
}

const agentsSchema = z.record(z.string(), agentSchema);
export const registrySchema = z.object({ agents: z.optional(z.record(z.string(), presetSchema)) });

/** Everything the files say about agents; the first of each list has the least say. */
export interface AgentFiles {
  readonly town: AgentSettings;
  readonly rig: AgentSettings;
  readonly custom: readonly Readonly<Record<string, AgentDefinition>>[];
  readonly registries: readonly Readonly<Record<string, Preset>>[];
}

/** Reads the town's and the rig's agent files; a missing one says nothing. UnreadableError `config.bad-value`, `file.corrupt`. */
export async function readAgentFiles(
  files: Files,
  paths: TownPaths,
  rig: RigName | undefined,
): Promise<AgentFiles> {
  const ofRig = rig === undefined ? undefined : rigPaths(paths.root, rig);
  const ports = { files };
  const [town, own, townRegistry, rigRegistry] = await Promise.all([
    readTownSettings({ paths, ports }),
    ofRig === undefined ? rigSettingsOf([]) : readRigSettings({ ports }, { paths: ofRig }),
    readRegistry(files, paths.agentsFile),
    readRegistry(files, ofRig?.agentsFile),
  ]);
  const custom = [
    parsed(town.source('agents'), agentsSchema, town.get('agents')),
    parsed(own.source('agents'), agentsSchema, own.get('agents')),
  ];
  const runtime = own.get('runtime');
  return {
    town: {
      default_agent: town.get('default_agent'),
      role_agents: town.get('role_agents'),
      role_effort: town.get('role_effort'),
      crew_agents: town.get('crew_agents'),
    },
    rig: {
      agent: own.get('agent'),
      role_agents: own.get('role_agents'),
      role_effort: own.get('role_effort'),
      worker_agents: own.get('worker_agents'),
      runtime: runtime === undefined ? undefined : parsed(own.source('runtime'), agentSchema, runtime),
    },
    custom,
    registries: [townRegistry, rigRegistry],
  };
}

async function readRegistry(
  files: Files,
  path: string | undefined,
): Promise<Readonly<Record<string, Preset>>> {
  const doc = path === undefined ? undefined : await readJsonFile(files, path);
  return path === undefined || doc === undefined ? {} : (parsed(path, registrySchema, doc).agents ?? {});
}

function parsed<T>(path: string, schema: z.ZodMiniType<T>, raw: unknown): T {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  throw new UnreadableError({
    code: 'config.bad-value',
    message: `${path}: agents: ${result.error.issues.map(describeIssue).join('; ')}`,
    hint: `Repair ${path}`,
  });
}
