import { EFFORTS } from '../core/effort.ts';
import {
  boolKind,
  choiceKind,
  choicesKind,
  durationKind,
  intKind,
  key,
  numberKind,
  objectKind,
  optional,
  textKind,
  wordsKind,
} from './key-kinds.ts';
import type { SettingKey } from './key-kinds.ts';
import type { KeyTable } from './layers.ts';

const duration = (ms: number, summary: string): SettingKey<number, number> => key(durationKind, ms, summary);

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Settings in settings/config.json, or where `file` says so in mayor/daemon.json. */
const TOWN_KEYS = {
  cli_theme: {
    ...key(
      choiceKind(['auto', 'dark', 'light']),
      'auto',
      "Colours of the Go gt; ours are the terminal's own",
    ),
    inert: true,
  },
  'convoy.notify_on_complete': {
    ...key(boolKind, false, 'Notice when a convoy completes'),
    inert: true,
  },
  default_agent: key(textKind, 'claude', 'Agent of every role that names none'),
  agents: key(objectKind, {}, 'Custom agents (use: gt config agent set)'),
  role_agents: key(wordsKind, {}, 'Agent per role'),
  role_effort: key(choicesKind(EFFORTS), {}, 'How hard Claude thinks, per role; else high'),
  cost_tier: {
    ...optional(textKind, 'Name of the cost tier that was chosen last (use: gt config cost-tier)'),
    inert: true,
  },
  crew_agents: key(wordsKind, {}, 'Agent per crew member'),
  rig_defaults: key(wordsKind, {}, 'Properties of rigs that do not say otherwise (gt rig config)'),
  agent_email_domain: key(textKind, 'gastown.local', 'Domain of the addresses agents commit with'),
  'scheduler.max_polecats': optional(
    intKind(-1),
    'Polecats at work at once: absent = by machine, 0 or less = no cap',
  ),
  'scheduler.batch_size': optional(intKind(1), 'Beads dispatched per tick; absent = every free slot'),
  'scheduler.spawn_delay': duration(0, 'Pause between two dispatches'),
  'worker_status.stuck_threshold': duration(
    30 * MINUTE,
    'Hooked work without progress for this long needs a person',
  ),
  'operational.session.script_timeout': duration(30 * MINUTE, 'Longest run of a --script command'),
  'operational.session.min_handoff_cooldown': duration(
    2 * MINUTE,
    'A worker may hand over to its next session again after this',
  ),
  'operational.nudge.ready_timeout': duration(
    10 * SECOND,
    'Wait for an idle prompt before a nudge is queued',
  ),
  'operational.nudge.normal_ttl': duration(30 * MINUTE, 'A queued nudge expires after this'),
  'operational.nudge.urgent_ttl': duration(2 * HOUR, 'A queued urgent nudge expires after this'),
  'operational.nudge.max_queue_depth': key(intKind(1), 50, 'Nudges kept per session'),
  'operational.daemon.recovery_heartbeat_interval': duration(
    3 * MINUTE,
    'Between two full ticks of the daemon',
  ),
  'operational.daemon.mass_death_window': duration(30 * SECOND, 'Deaths within this count as one'),
  'operational.daemon.mass_death_threshold': key(intKind(2), 3, 'Deaths that make a mass death'),
  'operational.daemon.polecat_self_terminate': key(
    boolKind,
    true,
    'A session ends with the turn in which it handed in; off: after polecat_idle_session_timeout',
  ),
  'operational.daemon.polecat_idle_session_timeout': duration(
    15 * MINUTE,
    'A finished session is stopped after this',
  ),
  'operational.daemon.max_dog_pool_size': key(intKind(1, 8), 4, 'Dogs at most'),
  'operational.daemon.pressure_cpu_threshold': key(
    numberKind,
    0,
    'Load per core that stops dispatch, 0 = 1.5',
  ),
  'operational.daemon.pressure_mem_threshold_gb': key(
    numberKind,
    0,
    'Free GiB below which dispatch stops, 0 = a tenth',
  ),
  'operational.polecat.pending_max_age': duration(5 * MINUTE, 'A reserved name is free again after this'),
  'operational.witness.max_bead_respawns': key(intKind(1), 3, 'Attempts per bead before it is blocked'),
  'dolt.port': {
    ...optional(intKind(1024, 65535), 'Port of the Dolt server'),
    file: 'daemon',
    path: ['env', 'GT_DOLT_PORT'],
  },
  'restart.initial_backoff': restart('initial_backoff', 30 * SECOND, 'Pause before the second restart'),
  'restart.max_backoff': restart('max_backoff', 10 * MINUTE, 'Longest pause between restarts'),
} as const;

function restart(name: string, ms: number, summary: string): SettingKey<number, number> {
  return { ...duration(ms, summary), file: 'daemon', path: ['patrols', 'restart_tracker', name] };
}

/** Names below one parent, as the Go gt has them. */
function below(parent: string, names: string): readonly string[] {
  return names.split(' ').map((name) => `${parent}.${name}`);
}

/**
 * Every town setting that gt reads: the one table behind reading, `gt config` and the docs. A key stands in `keys`
 * only if some code acts on it (P32); `kept` is what only the Go gt reads in the same files.
 */
export const TOWN_TABLE: KeyTable<typeof TOWN_KEYS> = {
  keys: TOWN_KEYS,
  noun: 'setting',
  list: 'gt config list',
  outdated: {},
  kept: [
    '$schema',
    'type',
    'version',
    'disabled_patrols',
    'web_timeouts',
    'feed_curator',
    ...below('worker_status', 'stale_threshold gupp_threshold active_threshold'),
    'maintenance',
    'lifecycle',
    'heartbeat',
    'patrols',
    'env',
    'dolt_server',
    ...below(
      'operational.session',
      'claude_start_timeout shell_ready_timeout graceful_shutdown_timeout bd_command_timeout bd_subprocess_timeout gupp_violation_timeout hung_session_threshold startup_nudge_verify_delay startup_nudge_max_retries',
    ),
    ...below('operational.nudge', 'retry_interval lock_timeout stale_claim_threshold'),
    ...below(
      'operational.daemon',
      'dog_idle_session_timeout dog_idle_remove_timeout stale_working_timeout max_lifecycle_message_age sync_failure_escalation_threshold doctor_mol_cooldown boot_spawn_cooldown deacon_grace_period pressure_max_sessions',
    ),
    'operational.deacon',
    ...below(
      'operational.polecat',
      'heartbeat_stale_threshold dolt_max_retries dolt_base_backoff dolt_backoff_max namepool_size',
    ),
    'operational.dolt',
    'operational.mail',
    ...below(
      'operational.witness',
      'startup_stall_threshold startup_activity_grace done_intent_stuck_timeout done_intent_recent_grace',
    ),
  ],
};
