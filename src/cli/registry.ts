import { accountCommands } from '../commands/account/spec.ts';
import { agentHookCommands } from '../commands/agent-hooks/spec.ts';
import { agentsCommands } from '../commands/agents/spec.ts';
import { beadCommands } from '../commands/bead/spec.ts';
import { bootCommands } from '../commands/boot/spec.ts';
import { completionCommands } from '../commands/completion/spec.ts';
import { configCommands } from '../commands/config/spec.ts';
import { convoyCommands } from '../commands/convoy/spec.ts';
import { crewCommands } from '../commands/crew/spec.ts';
import { daemonCommands } from '../commands/daemon/spec.ts';
import { deaconCommands } from '../commands/deacon/spec.ts';
import { directiveCommands } from '../commands/directive/spec.ts';
import { hooksCommands } from '../commands/hooks/spec.ts';
import { doneCommands } from '../commands/done/spec.ts';
import { feedCommands } from '../commands/feed/spec.ts';
import { formulaCommands } from '../commands/formula/spec.ts';
import { handoffCommands } from '../commands/handoff/spec.ts';
import { hookCommands } from '../commands/hook/spec.ts';
import { installCommands } from '../commands/install/spec.ts';
import { doctorCommands } from '../commands/doctor/spec.ts';
import { lifecycleCommands } from '../commands/lifecycle/spec.ts';
import { machineCommands } from '../commands/machine/spec.ts';
import { metaCommands } from '../commands/meta/spec.ts';
import { molCommands } from '../commands/mol/spec.ts';
import { mqCommands } from '../commands/mq/spec.ts';
import { nudgeCommands } from '../commands/nudge/spec.ts';
import { namepoolCommands } from '../commands/namepool/spec.ts';
import { orphansCommands } from '../commands/orphans/spec.ts';
import { polecatCommands } from '../commands/polecat/spec.ts';
import { primeCommands } from '../commands/prime/spec.ts';
import { refineryCommands } from '../commands/refinery/spec.ts';
import { rescueCommands } from '../commands/rescue/spec.ts';
import { roleCommands } from '../commands/roles/spec.ts';
import { rigCommands } from '../commands/rig/spec.ts';
import { seanceCommands } from '../commands/seance/spec.ts';
import { identityCommands } from '../commands/role/spec.ts';
import { sessionCommands } from '../commands/session/spec.ts';
import { slingCommands } from '../commands/sling/spec.ts';
import { statusCommands } from '../commands/status/spec.ts';
import { storeCommands } from '../commands/store/spec.ts';
import { tmuxCommands } from '../commands/tmux/spec.ts';
import { upgradeCommands } from '../commands/upgrade/spec.ts';
import { worktreeCommands } from '../commands/worktree/spec.ts';
import type { Program } from './program.ts';

/** Every command of gt, one line per noun. Specs are data; handlers load when they run. */
export const gt: Program = {
  name: 'gt',
  about: [
    'gt runs a town of coding agents on real git repositories.',
    '',
    'A rig is a project. Work is written down as beads (issues). `gt sling <bead> <rig>` gives one to a',
    'polecat (worker): an agent with its own git worktree. What it finishes goes to the refinery (merge',
    'queue), which tests it and lands it on the main branch.',
  ].join('\n'),
  epilogue: [
    'New here?',
    '  gt install ~/gt                  make a town',
    '  gt rig add <name> <git-url>      add a project to it',
    '  bd create "<what is to do>"      write down a piece of work',
    '  gt sling <bead> <rig>            give it to a worker',
    '  gt status                        see who works on what',
    '',
    'gt help <command> explains a command, gt help words the words of this page.',
  ].join('\n'),
  commands: [
    ...agentHookCommands,
    ...agentsCommands,
    ...beadCommands,
    ...bootCommands,
    ...completionCommands('gt', {
      script: async () => ({ run: (await import('../commands/completion/script.ts')).printScript('gt') }),
      described: async () => (await import('../commands/completion/gt.ts')).described,
      plain: async () => (await import('../commands/completion/gt.ts')).plain,
    }),
    ...configCommands,
    ...convoyCommands,
    ...crewCommands,
    ...daemonCommands,
    ...accountCommands,
    ...deaconCommands,
    ...directiveCommands,
    ...hooksCommands,
    ...doneCommands,
    ...feedCommands,
    ...formulaCommands,
    ...handoffCommands,
    ...hookCommands,
    ...identityCommands,
    ...installCommands,
    ...lifecycleCommands,
    ...machineCommands,
    ...doctorCommands,
    ...metaCommands,
    ...molCommands,
    ...mqCommands,
    ...nudgeCommands,
    ...namepoolCommands,
    ...orphansCommands,
    ...polecatCommands,
    ...primeCommands,
    ...refineryCommands,
    ...rescueCommands,
    ...rigCommands,
    ...roleCommands,
    ...seanceCommands,
    ...sessionCommands,
    ...slingCommands,
    ...statusCommands,
    ...storeCommands,
    ...tmuxCommands,
    ...upgradeCommands,
    ...worktreeCommands,
  ],
  synonyms: { kill: 'polecat nuke', new: 'install', ps: 'status', ls: 'polecat list', queue: 'mq list' },
};
