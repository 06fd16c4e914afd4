import { EFFORTS } from '../core/effort.ts';
import {
  boolKind,
  choiceKind,
  choicesKind,
  durationKind,
  intKind,
  key,
  listKind,
  objectKind,
  optional,
  textKind,
  wordsKind,
} from '../town/key-kinds.ts';
import type { SettingKey } from '../town/key-kinds.ts';
import type { KeyTable } from '../town/layers.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Which programs run is not the project's to say: it could run any as the user. */
function ofRigAlone<T, F extends T | undefined>(spec: SettingKey<T, F>): SettingKey<T, F> {
  return { ...spec, file: 'rig' };
}

const RIG_KEYS = {
  'merge_queue.enabled': key(boolKind, true, 'The daemon lands submitted branches'),
  'merge_queue.merge_strategy': key(
    choiceKind(['direct', 'pr']),
    'direct',
    'Push to the target, or open pull requests',
  ),
  'merge_queue.vcs_provider': key(
    choiceKind(['github', 'bitbucket']),
    'github',
    'Where pull requests are opened',
  ),
  'merge_queue.require_review': key(boolKind, false, 'Pull requests wait for an approval'),
  'merge_queue.integration_branch_auto_land': key(
    boolKind,
    false,
    'An epic lands by itself when all of its work is on its integration branch',
  ),
  'merge_queue.merge_method': key(
    choiceKind(['squash', 'rebase', 'merge']),
    'squash',
    'How a branch becomes commits of the target',
  ),
  'merge_queue.auto_push': key(boolKind, true, 'Push what is proven; off: prove and report only'),
  'merge_queue.run_tests': key(boolKind, true, 'Run the test gate'),
  'merge_queue.setup_command': optional(textKind, 'Run once per proof before the gates'),
  'merge_queue.typecheck_command': optional(textKind, 'Gate: checks the types'),
  'merge_queue.lint_command': optional(textKind, 'Gate: checks the style'),
  'merge_queue.test_command': optional(textKind, 'Gate: runs the tests'),
  'merge_queue.build_command': optional(textKind, 'Gate: builds'),
  'merge_queue.gates': key(
    objectKind,
    {},
    'Gates by name: {cmd, timeout, phase, cache, report}; replaces the commands',
  ),
  'merge_queue.gate_memory_mb': key(intKind(0), 0, 'Memory that a process of a gate may have; 0: no limit'),
  'merge_queue.gate_nice': key(intKind(0, 19), 0, 'Gates give way to other programs: 0 … 19'),
  'merge_queue.gates_parallel': key(boolKind, true, 'Run pre-merge gates side by side'),
  'merge_queue.batch.max_batch_size': key(
    intKind(1),
    32,
    'Most changes proven by one gate run; 1: no batches',
  ),
  'merge_queue.max_retry_count': key(intKind(0), 5, 'Conflicts of one branch before it is given up'),
  'merge_queue.gate_timeout': key(durationKind, 30 * MINUTE, 'Longest run of one gate command'),
  'merge_queue.delete_merged_branches': key(
    boolKind,
    true,
    'Forget landed branches of people too (here, never on the remote); those of polecats always go',
  ),
  'merge_queue.retry_flaky_tests': key(intKind(0), 1, 'Extra runs that tell a flaky gate from a red one'),
  'merge_queue.poll_interval': key(durationKind, 30 * SECOND, 'Between two looks at the queue'),
  'merge_queue.stale_claim_timeout': key(
    durationKind,
    30 * MINUTE,
    'A claim that nobody touches for so long holds nothing back',
  ),
  'merge_queue.max_concurrent': key(intKind(0), 1, 'Proofs at the same time; 0: half of the processor cores'),
  'merge_queue.on_conflict': key(
    choiceKind(['assign_back', 'auto_rebase']),
    'assign_back',
    'Who resolves a conflict',
  ),
  'merge_queue.judgment_enabled': key(
    boolKind,
    false,
    'An agent judges each change and explains what is held back; nothing waits for it',
  ),
  'merge_queue.review_depth': key(
    choiceKind(['quick', 'standard', 'deep']),
    'standard',
    'How closely that agent looks',
  ),
  'merge_queue.integration_branch_polecat_enabled': key(
    boolKind,
    true,
    'Work of an epic with an integration branch lands on that branch',
  ),
  'merge_queue.integration_branch_template': key(
    textKind,
    'integration/{title}',
    'Name of an integration branch: {title}, {epic}, {prefix}',
  ),
  'workflow.default_formula': optional(
    textKind,
    'Formula that polecats follow; absent = mol-polecat-work, none = the checklist',
  ),
  'namepool.style': key(textKind, 'mad-max', 'Names of polecats: mad-max, minerals, wasteland'),
  'namepool.names': key(listKind, [], 'Own names, used before the style'),
  'namepool.max_before_numbering': key(intKind(1), 50, 'Names before numbers are used'),
  'crew.startup': key(
    textKind,
    'none',
    'Crew that gt start --all and gt up --restore start: names, all, none, pick one, all but not <name>',
  ),
  theme: key(objectKind, {}, 'Colours in tmux (use: gt theme)'),
  agent: ofRigAlone(optional(textKind, 'Agent of this rig')),
  agents: ofRigAlone(key(objectKind, {}, 'Custom agents of this rig')),
  role_agents: ofRigAlone(key(wordsKind, {}, 'Agent per role in this rig')),
  role_effort: ofRigAlone(key(choicesKind(EFFORTS), {}, 'How hard Claude thinks in this rig, per role')),
  worker_agents: ofRigAlone(key(wordsKind, {}, 'Agent per worker in this rig')),
  runtime: ofRigAlone(optional(objectKind, 'Agent record of rigs of before; use agent and agents')),
} as const;

export const RIG_TABLE: KeyTable<typeof RIG_KEYS> = {
  keys: RIG_KEYS,
  noun: 'rig setting',
  list: 'gt rig settings show <rig> --all',
  kept: ['$schema', 'type', 'version', 'merge_queue.integration_branch_refinery_enabled'],
  outdated: {
    'merge_queue.target_branch': 'the target is the rig’s default branch',
    'merge_queue.integration_branches': 'integration branches are chosen per epic',
  },
};
