import * as z from 'zod/mini';
import type { RigName } from '../core/names.ts';
import { UnreadableError } from '../core/errors.ts';
import type { Files } from '../ports/files.ts';
import { isJsonObject, readJsonFile } from '../town/json-file.ts';
import { rigPaths } from '../town/layout.ts';
import type { TownPaths } from '../town/layout.ts';
import { agentSchema, presetSchema } from './preset.ts';
import type { AgentDefinition, Preset } from './preset.ts';

const names = z.record(z.string(), z.string());
const settingsSchema = z.object({
  default_agent: z.optional(z.string()),
  agent: z.optional(z.string()),
  agents: z.optional(z.record(z.string(), agentSchema)),
  role_agents: z.optional(names),
  crew_agents: z.optional(names),
  worker_agents: z.optional(names),
  runtime: z.optional(agentSchema),
});
const registrySchema = z.object({ agents: z.optional(z.record(z.string(), presetSchema)) });

/** What one settings/config.json says about agents. */
type AgentSettings = Readonly<z.infer<typeof settingsSchema>>;

/** Everything the files say about agents; the first of each list has the least say. */
export interface AgentFiles {
  readonly town: AgentSettings;
  readonly rig: AgentSettings;
  readonly custom: readonly Readonly<Record<string, AgentDefinition>>[];
  readonly registries: readonly Readonly<Record<string, Preset>>[];
}

/** Reads the town's and the rig's agent files; a missing one says nothing. UnreadableError `config.bad-value`. */
export async function readAgentFiles(
  files: Files,
  paths: TownPaths,
  rig: RigName | undefined,
): Promise<AgentFiles> {
  const ofRig = rig === undefined ? undefined : rigPaths(paths.root, rig);
  const [town, rigSettings, townRegistry, rigRegistry] = await Promise.all([
    readPart(files, paths.settingsFile, settingsSchema),
    readPart(files, ofRig?.settingsFile, settingsSchema),
    readPart(files, paths.agentsFile, registrySchema),
    readPart(files, ofRig?.agentsFile, registrySchema),
  ]);
  return {
    town: town ?? {},
    rig: rigSettings ?? {},
    custom: [town?.agents ?? {}, rigSettings?.agents ?? {}],
    registries: [townRegistry?.agents ?? {}, rigRegistry?.agents ?? {}],
  };
}

async function readPart<T>(
  files: Files,
  path: string | undefined,
  schema: z.ZodMiniType<T>,
): Promise<T | undefined> {
  const doc = path === undefined ? undefined : await readJsonFile(files, path);
  if (path === undefined || !isJsonObject(doc)) return undefined;
  const parsed = schema.safeParse(doc);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UnreadableError({
    code: 'config.bad-value',
    message: `${path}: ${issue?.path.join('.') ?? 'agents'}: ${issue?.message ?? 'unexpected'}`,
    hint: `Repair ${path}`,
  });
}
