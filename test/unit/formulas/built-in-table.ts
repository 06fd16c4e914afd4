/** Name, variables (`!` = required, `=` = default, neither = empty) and step ids in order: users and prompts refer to them. */
export const WORKFLOWS: readonly (readonly [name: string, vars: string, steps: string])[] = [
  [
    'mol-polecat-work',
    'issue! base_branch=main setup_command typecheck_command test_command lint_command build_command',
    'load-context branch-setup implement commit-changes self-review build-check pre-verify submit-and-exit',
  ],
  [
    'mol-polecat-work-monorepo',
    'issue! base_branch=main setup_command typecheck_command test_command lint_command build_command',
    'load-context branch-setup implement self-review build-check commit-changes push-and-create-pr validate-ci handle-ai-reviews submit-and-exit',
  ],
  [
    'mol-polecat-code-review',
    'scope! issue! rig! focus',
    'load-context survey-code detailed-review prioritize-findings file-beads summarize-review complete-and-exit',
  ],
  [
    'mol-polecat-review-pr',
    'pr_url! issue! rig!',
    'load-context review-code check-tests make-decision submit-review file-followups complete-and-exit',
  ],
  [
    'mol-polecat-conflict-resolve',
    'task! original_mr! branch! base_branch=main',
    'load-task acquire-slot checkout-branch rebase-resolve run-tests push-to-main close-beads release-slot cleanup-and-exit',
  ],
  ['mol-polecat-lease', 'polecat! issue! rig!', 'boot working verifying merge_requested done'],
  [
    'mol-deacon-patrol',
    'wisp_type=patrol idle_effort_threshold=1',
    'heartbeat inbox-check orphan-process-cleanup test-pollution-cleanup gate-evaluation dispatch-gated-molecules check-convoy-completion resolve-external-deps fire-notifications heartbeat-mid health-scan dolt-health zombie-scan plugin-run dog-pool-maintenance dog-health-check orphan-check session-gc wisp-compact compact-report costs-digest patrol-digest log-maintenance patrol-cleanup context-check loop-or-exit',
  ],
  [
    'mol-witness-patrol',
    'wisp_type=patrol idle_effort_threshold=1 rig=UNSET_RIG prefix=gt',
    'inbox-check process-cleanups check-refinery survey-workers check-timer-gates check-swarm-completion patrol-cleanup context-check loop-or-exit',
  ],
  [
    'mol-refinery-patrol',
    'wisp_type=patrol idle_effort_threshold=1 rig=UNSET_RIG prefix=gt setup_command typecheck_command test_command lint_command build_command target_branch=main run_tests=true delete_merged_branches=true merge_strategy=direct require_review=false judgment_enabled=false review_depth=standard integration_branch_refinery_enabled=true integration_branch_auto_land=false',
    'inbox-check queue-scan process-branch run-tests quality-review handle-failures merge-push loop-check generate-summary check-integration-branches context-check patrol-cleanup burn-or-loop',
  ],
  [
    'mol-pr-feedback-patrol',
    'rig! repo! base_branch=main scan_interval_seconds=300 exclude_drafts=true max_open_beads=20 patrol_label=pr-feedback-patrol wisp_type=patrol',
    'list-open-prs check-review-status check-ci-status dispatch-work loop-or-exit',
  ],
  ['mol-boot-triage', '', 'observe decide act cleanup exit'],
  [
    'mol-gastown-boot',
    '',
    'ensure-daemon ensure-deacon ensure-witnesses ensure-refineries verify-town-health',
  ],
  [
    'mol-town-shutdown',
    'shutdown_reason',
    'preflight-check stop-sessions clear-inboxes stop-daemon rotate-logs sync-state handoff-mayor restart-daemon',
  ],
  [
    'mol-sync-workspace',
    'setup_command typecheck_command test_command lint_command build_command',
    'assess-state handle-dirty-state cleanup-worktrees sync-git sync-beads run-doctor verify-build run-tests generate-report signal-ready',
  ],
  [
    'mol-shutdown-dance',
    'warrant_id! target! reason! requester=deacon',
    'warrant-received interrogation-1 evaluate-1 interrogation-2 evaluate-2 interrogation-3 evaluate-3 pardon execute epitaph',
  ],
  [
    'mol-convoy-cleanup',
    'convoy!',
    'load-convoy generate-summary archive-convoy notify-overseer return-to-kennel',
  ],
  ['mol-convoy-feed', 'convoy!', 'load-convoy check-capacity dispatch-work report-results return-to-kennel'],
  [
    'mol-dep-propagate',
    'resolved_issue!',
    'load-resolved-issue update-blocked-status notify-witnesses trigger-dispatch return-to-kennel',
  ],
  [
    'mol-digest-generate',
    'period=daily',
    'determine-period collect-rig-data generate-digest send-digest return-to-kennel',
  ],
  [
    'mol-orphan-scan',
    'scope=town',
    'determine-scope scan-orphaned-issues scan-orphaned-molecules scan-orphaned-wisps triage-orphans execute-recovery report-findings return-to-kennel',
  ],
  [
    'mol-session-gc',
    'mode=conservative wisp_type=gc_report',
    'determine-mode preview-cleanup execute-gc verify-cleanup report-gc return-to-kennel',
  ],
  ['mol-dog-backup', 'databases', 'sync offsite report'],
  ['mol-dog-checkpoint', '', 'scan checkpoint report'],
  [
    'mol-dog-compactor',
    'commit_threshold=500 databases=hq,bd,gt mode=flatten keep_recent=50',
    'inspect compact verify report',
  ],
  ['mol-dog-doctor', 'port=3307 latency_threshold=1s conn_max=50', 'probe inspect report'],
  [
    'mol-dog-jsonl',
    'databases scrub=true spike_threshold=0.20 max_push_failures=3',
    'export verify push report',
  ],
  ['mol-dog-phantom-db', 'data_dir=.dolt-data', 'scan escalate report'],
  [
    'mol-dog-reaper',
    'max_age=24h purge_age=168h stale_issue_age=720h mail_delete_age=168h alert_threshold=500 dry_run databases dolt_port=3307',
    'scan reap purge auto-close report',
  ],
  ['mol-dog-stale-db', 'port=3307 max_orphans_for_sql=50 warn_threshold=5', 'scan cleanup report'],
  [
    'mol-idea-to-plan',
    'review_id problem! context',
    'intake prd-review human-clarify generate-plan prd-align-1 prd-align-2 prd-align-3 plan-review-1 plan-review-2 plan-review-3 create-beads verify-beads-pass-1 verify-beads-pass-2 verify-beads-pass-3',
  ],
  [
    'mol-polecat-work-monorepo-tdd',
    'issue! base_branch=main setup_command typecheck_command test_command lint_command build_command',
    'load-context branch-setup implement.write-tests implement.verify-red implement.implement implement.verify-green implement.refactor self-review build-check commit-changes push-and-create-pr validate-ci handle-ai-reviews submit-and-exit',
  ],
  ['shiny', 'feature! assignee', 'design implement review test submit'],
  [
    'shiny-enterprise',
    'feature! assignee',
    'design implement.draft implement.refine-1 implement.refine-2 implement.refine-3 implement.refine-4 review test submit',
  ],
  [
    'shiny-secure',
    'feature! assignee',
    'design implement-security-prescan implement implement-security-postscan review test submit-security-prescan submit submit-security-postscan',
  ],
  ['rule-of-five', '', 'main.draft main.refine-1 main.refine-2 main.refine-3 main.refine-4'],
  ['tdd-cycle', '', 'main.write-tests main.verify-red main.implement main.verify-green main.refactor'],
  [
    'release',
    'version!',
    'preflight-git preflight-pull review-changes update-changelog bump-version verify-versions commit-release create-tag push-release wait-ci local-install release-complete',
  ],
];

/** Name, inputs, legs in order, folder of the files, file of the synthesis. */
export const CONVOYS: readonly (readonly [string, string, string, string, string])[] = [
  [
    'code-review',
    'pr files branch',
    'correctness performance security elegance resilience style smells wiring commit-discipline test-quality',
    '.reviews/',
    'review-summary.md',
  ],
  [
    'design',
    'problem! context scope=medium',
    'api data ux scale security integration',
    '.designs/',
    'design-doc.md',
  ],
  [
    'mol-prd-review',
    'problem! context',
    'requirements gaps ambiguity feasibility scope stakeholders',
    '.prd-reviews/',
    'prd-review.md',
  ],
  [
    'mol-plan-review',
    'plan! problem! prd_review',
    'completeness sequencing risk scope-creep testability',
    '.plan-reviews/',
    'plan-review.md',
  ],
];

export const HANOI: readonly (readonly [name: string, disks: number])[] = [
  ['towers-of-hanoi', 3],
  ['towers-of-hanoi-7', 7],
  ['towers-of-hanoi-9', 9],
  ['towers-of-hanoi-10', 10],
];

/** Formulas that dogs run: their wisps are squashed by themselves. */
export const DOGS =
  'mol-convoy-cleanup mol-convoy-feed mol-dep-propagate mol-digest-generate mol-orphan-scan mol-session-gc mol-dog-backup mol-dog-checkpoint mol-dog-compactor mol-dog-doctor mol-dog-jsonl mol-dog-phantom-db mol-dog-reaper mol-dog-stale-db'.split(
    ' ',
  );
