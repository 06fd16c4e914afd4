import type { CommandSpec } from '../../../cli/command.ts';
import { BEAD } from '../spec-flags.ts';

const KEY = { name: 'key', summary: 'Name', required: true } as const;
const VALUE = { name: 'value', summary: 'Value', required: true } as const;
const AGENT = { name: 'agent', summary: 'Id of the agent row', required: true } as const;
const SLOT = { name: 'slot', summary: 'hook or role', required: true } as const;

/** What agents are told, what is remembered, and the words that older prompts use. */
export const bdAgentCommands: readonly CommandSpec[] = [
  {
    path: 'prime',
    summary: 'What an agent should know now: how things stand and how to go on',
    description:
      'For the start of an agent session (bd setup puts it into a hook). A file .beads/PRIME.md takes the place of the text.',
    flags: [
      { name: 'full', summary: 'All commands' },
      { name: 'hook-json', summary: 'As the answer of a SessionStart hook' },
      { name: 'memories-only', summary: 'Only what is remembered' },
      { name: 'export', summary: 'The built-in text, also where PRIME.md is' },
      { name: 'stealth', summary: 'Say nothing of git' },
      { name: 'mcp', summary: 'Accepted: the text is short anyway', hidden: true },
    ],
    load: () => import('../admin/prime.ts'),
  },
  {
    path: 'setup',
    summary: 'Let a coding agent use bd: write its instructions and hooks',
    description:
      'Writes only between its own markers, and --remove takes exactly that out again. Without an agent it lists those it knows.',
    args: [{ name: 'agent', summary: 'claude, codex, cursor, gemini, opencode, copilot, aider, ...' }],
    flags: [
      { name: 'check', summary: 'Only look: exit 1 when something is missing or old' },
      { name: 'remove', summary: 'Take it out again' },
      { name: 'global', summary: 'For all your projects, where the agent has such a place' },
      { name: 'project', summary: 'Accepted: a project is the default', hidden: true },
      { name: 'list', summary: 'Agents and their files' },
      { name: 'print', summary: 'Print the instructions' },
    ],
    exclusive: [
      ['check', 'remove'],
      ['global', 'project'],
    ],
    examples: ['bd setup claude', 'bd setup codex --check', 'bd setup cursor --remove'],
    load: () => import('../admin/setup.ts'),
  },
  {
    path: 'onboard',
    summary: 'Print the instructions for an agent that bd setup does not know',
    load: () => import('../admin/onboard.ts'),
  },
  {
    path: 'quickstart',
    summary: 'bd on one screen',
    startup: 'instant',
    json: false,
    load: () => import('../admin/quickstart.ts'),
  },
  {
    path: 'remember',
    summary: 'Keep a sentence for all later sessions',
    args: [{ name: 'text', summary: 'What to remember', required: true, many: true }],
    flags: [
      {
        name: 'key',
        kind: 'string',
        summary: 'Its name (default: from its words); one that is there is replaced',
      },
    ],
    examples: ['bd remember "the tests need docker"'],
    load: async () => (await import('./memories.ts')).remember,
  },
  {
    path: 'memories',
    summary: 'What is remembered',
    args: [{ name: 'text', summary: 'Only those with this text', many: true }],
    load: async () => (await import('./memories.ts')).list,
  },
  {
    path: 'recall',
    summary: 'One memory, whole',
    args: [KEY],
    load: async () => (await import('./memories.ts')).recall,
  },
  {
    path: 'forget',
    summary: 'Remove a memory',
    args: [KEY],
    load: async () => (await import('./memories.ts')).forget,
  },
  { path: 'kv', summary: 'Values under names, for scripts and agents' },
  { path: 'kv set', summary: 'Set one', args: [KEY, VALUE], load: async () => (await import('./kv.ts')).set },
  { path: 'kv get', summary: 'Print one', args: [KEY], load: async () => (await import('./kv.ts')).get },
  { path: 'kv clear', summary: 'Remove one', args: [KEY], load: async () => (await import('./kv.ts')).clear },
  { path: 'kv list', summary: 'Print all', load: async () => (await import('./kv.ts')).list },
  {
    path: 'mail',
    summary: 'Hand over to the mail program (in a town gt mail)',
    description:
      'Runs BEADS_MAIL_DELEGATE, BD_MAIL_DELEGATE or the setting mail.delegate with the same words.',
    passThrough: true,
    json: false,
    args: [{ name: 'words', summary: 'Words of the mail program', many: true }],
    load: () => import('./mail.ts'),
  },
  { path: 'slot', summary: 'The hook and role that an agent row names' },
  {
    path: 'slot show',
    summary: 'Both',
    args: [AGENT],
    load: async () => (await import('./agent-row.ts')).slots,
  },
  {
    path: 'slot set',
    summary: 'Fill one; a hook that holds another bead is refused',
    args: [AGENT, SLOT, BEAD],
    load: async () => (await import('./agent-row.ts')).fillSlot,
  },
  {
    path: 'slot clear',
    summary: 'Empty one',
    args: [AGENT, SLOT],
    load: async () => (await import('./agent-row.ts')).clearSlot,
  },
  { path: 'agent', summary: 'The row of an agent' },
  {
    path: 'agent state',
    summary: 'Note what an agent does now',
    args: [AGENT, { name: 'state', summary: 'idle, working, stuck, done, ...', required: true }],
    load: async () => (await import('./agent-row.ts')).state,
  },
  {
    path: 'sync',
    summary: 'Does nothing: every write is saved at once',
    startup: 'instant',
    flags: [
      { name: 'message', short: 'm', kind: 'string', summary: 'Accepted', hidden: true },
      { name: 'flush-only', summary: 'Accepted', hidden: true },
      { name: 'import-only', summary: 'Accepted', hidden: true },
    ],
    load: () => import('./sync.ts'),
  },
];
