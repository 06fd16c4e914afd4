import * as z from 'zod/mini';

const texts = z.array(z.string());
const dialog = z.object({ name: z.string(), shows: texts, choose: z.optional(z.string()) });

/**
 * One runtime as written in the built-in table and in `settings/agents.json`. Keys are those of the Go gt; the
 * last block is ours. Unknown keys stay in the file.
 */
export const presetSchema = z.looseObject({
  command: z.optional(z.string()),
  args: z.optional(z.nullable(texts)),
  env: z.optional(z.record(z.string(), z.string())),
  process_names: z.optional(texts),
  session_id_env: z.optional(z.string()),
  resume_flag: z.optional(z.string()),
  continue_flag: z.optional(z.string()),
  resume_style: z.optional(z.enum(['flag', 'subcommand'])),
  prompt_mode: z.optional(z.string()),
  config_dir_env: z.optional(z.string()),
  hooks_provider: z.optional(z.string()),
  hooks_dir: z.optional(z.string()),
  hooks_settings_file: z.optional(z.string()),
  hooks_informational: z.optional(z.boolean()),
  hooks_use_settings_dir: z.optional(z.boolean()),
  ready_prompt_prefix: z.optional(z.string()),
  ready_delay_ms: z.optional(z.number()),
  instructions_file: z.optional(z.string()),
  has_turn_boundary_drain: z.optional(z.boolean()),
  non_interactive: z.optional(
    z.looseObject({
      subcommand: z.optional(z.string()),
      prompt_flag: z.optional(z.string()),
      ready_text: z.optional(z.string()),
      env: z.optional(z.record(z.string(), z.string())),
    }),
  ),

  prompt_flag: z.optional(z.string()),
  ready_text: z.optional(z.string()),
  session_id_flag: z.optional(z.string()),
  fork_flag: z.optional(z.string()),
  hooks_flag: z.optional(z.string()),
  hooks_dir_env: z.optional(z.string()),
  transcripts: z.optional(z.enum(['claude', 'codex', 'opencode', 'pi'])),
  root_env: z.optional(z.record(z.string(), z.string())),
  busy_patterns: z.optional(texts),
  rate_limit_patterns: z.optional(texts),
  dialogs: z.optional(z.array(dialog)),
  queues_while_busy: z.optional(z.boolean()),
  exec_wrapper: z.optional(texts),
  proven: z.optional(z.boolean()),
});

export type Preset = Readonly<z.infer<typeof presetSchema>>;

/**
 * A custom agent as `settings/config.json` holds it (`agents{NAME}`, and `runtime` of a rig). `args` absent =
 * the preset's, `[]` = none.
 */
export const agentSchema = z.looseObject({
  provider: z.optional(z.string()),
  command: z.optional(z.string()),
  args: z.optional(z.nullable(texts)),
  env: z.optional(z.record(z.string(), z.string())),
  prompt_mode: z.optional(z.string()),
  session: z.optional(
    z.looseObject({ session_id_env: z.optional(z.string()), config_dir_env: z.optional(z.string()) }),
  ),
  hooks: z.optional(
    z.looseObject({
      provider: z.optional(z.string()),
      dir: z.optional(z.string()),
      settings_file: z.optional(z.string()),
      informational: z.optional(z.boolean()),
    }),
  ),
  tmux: z.optional(
    z.looseObject({
      process_names: z.optional(texts),
      ready_prompt_prefix: z.optional(z.string()),
      ready_delay_ms: z.optional(z.number()),
    }),
  ),
  instructions: z.optional(z.looseObject({ file: z.optional(z.string()) })),
  exec_wrapper: z.optional(texts),
});

export type AgentDefinition = Readonly<z.infer<typeof agentSchema>>;

/** The preset keys that a custom agent sets; everything else stays the provider's. */
export function presetOfAgent(agent: AgentDefinition): Preset {
  return withoutUndefined({
    command: agent.command,
    args: agent.args ?? undefined,
    env: agent.env,
    prompt_mode: agent.prompt_mode,
    session_id_env: agent.session?.session_id_env,
    config_dir_env: agent.session?.config_dir_env,
    hooks_provider: agent.hooks?.provider,
    hooks_dir: agent.hooks?.dir,
    hooks_settings_file: agent.hooks?.settings_file,
    hooks_informational: agent.hooks?.informational,
    process_names: agent.tmux?.process_names,
    ready_prompt_prefix: agent.tmux?.ready_prompt_prefix,
    ready_delay_ms: agent.tmux?.ready_delay_ms,
    instructions_file: agent.instructions?.file,
    exec_wrapper: agent.exec_wrapper,
  });
}

function withoutUndefined(preset: { readonly [K in keyof Preset]?: Preset[K] | undefined }): Preset {
  return presetSchema.parse(
    Object.fromEntries(Object.entries(preset).filter(([, value]) => value !== undefined)),
  );
}
