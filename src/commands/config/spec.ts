import type { ArgSpec, CommandSpec } from '../../cli/command.ts';

const KEY: ArgSpec = { name: 'key', summary: 'Dotted name of the setting', required: true };
const AGENT: ArgSpec = { name: 'name', summary: 'Name of the agent', required: true };

export const configCommands: readonly CommandSpec[] = [
  {
    path: 'config',
    group: 'Configuration',
    summary: 'Settings of the town',
    description:
      'Reads and changes the settings of the town. What each key does: gt config list. Settings of one rig (project): gt rig settings and gt rig config. Why a key has its value: gt config explain.',
  },
  {
    path: 'config list',
    summary: 'All settings with their values and where those come from',
    json: true,
    load: () => import('./list.ts'),
  },
  {
    path: 'config get',
    summary: 'Print one setting',
    args: [KEY],
    json: true,
    examples: ['gt config get default_agent'],
    load: () => import('./get.ts'),
  },
  {
    path: 'config set',
    summary: "Change one setting; '' puts it back to its default",
    args: [KEY, { name: 'value', summary: 'What it shall be', required: true }],
    examples: ['gt config set scheduler.max_polecats 3'],
    load: () => import('./set.ts'),
  },
  {
    path: 'config unset',
    summary: 'Put one setting back to its default',
    args: [KEY],
    examples: ['gt config unset scheduler.max_polecats'],
    load: () => import('./unset.ts'),
  },
  {
    path: 'config explain',
    summary: 'Say what a setting is, which file and line make it so, and what it changes',
    description:
      'Explains settings of the town, settings of a rig (project) and properties of a rig (gt rig config): the value that counts, its default, every place that may set it with what it says now, and the commands that change it.',
    args: [KEY],
    flags: [{ name: 'rig', kind: 'string', summary: 'The rig, default: the one you stand in' }],
    json: true,
    examples: ['gt config explain scheduler.max_polecats', 'gt config explain merge_queue.test_command'],
    load: () => import('./explain.ts'),
  },
  {
    path: 'config schema',
    summary: 'Print the JSON Schema of a file of settings, for editors',
    description:
      'Without a file: which there are. An editor that reads schemas then completes keys, explains them and marks wrong values.',
    args: [{ name: 'file', summary: 'One of the files that gt config schema lists' }],
    json: true,
    examples: ['gt config schema settings/config.json'],
    load: () => import('./schema.ts'),
  },
  {
    path: 'config cost-tier',
    summary: 'Print or choose what the roles cost: model and effort of each',
    description: [
      'standard: the default agent, Haiku for errands. economy: Sonnet for those who coordinate, Haiku for those who watch.',
      'budget: Sonnet for workers too. custom-groq-opus, custom-groq-sonnet: workers at Groq. Sets role_agents and',
      'role_effort of the town; what an agent, a crew member or a rig was given by name stays. With GT_COST_TIER in its',
      'environment gt starts agents by that tier instead.',
    ].join('\n'),
    args: [{ name: 'tier', summary: 'Tier to choose; absent = print the present one' }],
    examples: ['gt config cost-tier', 'gt config cost-tier economy'],
    load: () => import('./cost-tier.ts'),
  },
  {
    path: 'config agent-email-domain',
    summary: 'Print or choose the domain of the addresses that agents commit with',
    args: [{ name: 'domain', summary: 'Domain to choose; absent = print the present one' }],
    load: () => import('./agent-email-domain.ts'),
  },
  {
    path: 'config agent',
    summary: 'Agent programs that can be given work',
    description:
      'An agent is a coding program (claude, codex, opencode, …). Known ones are built in; any other command can be added under a name.',
  },
  {
    path: 'config agent list',
    summary: 'All agents, built in and your own',
    json: true,
    load: () => import('./agent-list.ts'),
  },
  {
    path: 'config agent get',
    summary: 'Show one agent',
    args: [AGENT],
    json: true,
    load: () => import('./agent-get.ts'),
  },
  {
    path: 'config agent set',
    summary: 'Define an agent by its command line',
    args: [AGENT, { name: 'command', summary: 'Program and arguments, as one word', required: true }],
    flags: [
      {
        name: 'provider',
        kind: 'string',
        summary: 'Built-in agent it behaves like (default: by the program)',
      },
    ],
    examples: ["gt config agent set fast 'claude --model haiku'"],
    load: () => import('./agent-set.ts'),
  },
  {
    path: 'config agent remove',
    summary: 'Forget an agent of your own',
    args: [AGENT],
    load: () => import('./agent-remove.ts'),
  },
  {
    path: 'config default-agent',
    summary: 'Print or choose the agent of everybody who has no other',
    args: [{ name: 'name', summary: 'Agent to choose; absent = print the present one' }],
    load: () => import('./default-agent.ts'),
  },
  {
    path: 'config default-agent list',
    summary: 'Agents that can be chosen',
    json: true,
    load: () => import('./agent-list.ts'),
  },
];
