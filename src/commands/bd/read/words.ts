import * as z from 'zod/mini';
import { parseCustomStatuses, parseCustomTypes } from '../../../beads/words/kinds.ts';
import type { CommandModule } from '../../../cli/command.ts';
import { openBeads } from '../open.ts';

const TYPES = {
  task: 'A piece of work (default)',
  bug: 'Something is wrong',
  feature: 'Something new',
  chore: 'Upkeep that nobody sees',
  epic: 'Work too large for one bead: its children are the work',
  decision: 'What was decided, and why',
  spike: 'Looking into something, for a limited time',
  story: 'What somebody wants to do, in their words',
  milestone: 'A point that others lead up to; no work of its own',
};

const STATUSES = {
  open: ['active', 'Can be worked on (default)'],
  in_progress: ['wip', 'Somebody works on it'],
  blocked: ['wip', 'Stuck, and somebody said so'],
  deferred: ['frozen', 'Put off'],
  closed: ['done', 'Done'],
  pinned: ['frozen', 'Kept, never work'],
  hooked: ['wip', 'On the hook of an agent, which has not begun'],
} as const;

const named = { name: z.string(), description: z.string() };

/** The types a bead can have. */
export const types: CommandModule = {
  schema: z.object({
    core_types: z.array(z.object(named)),
    custom_types: z.optional(z.array(z.string())),
  }),
  async run(app, input) {
    const { home } = await openBeads(app, input);
    const custom = parseCustomTypes((await home.config()).get('types.custom') ?? '');
    const rows = Object.entries(TYPES);
    return {
      data: {
        core_types: rows.map(([name, description]) => ({ name, description })),
        ...(custom.length === 0 ? {} : { custom_types: custom }),
      },
      text: [
        ...rows.map(([name, description]) => `${name.padEnd(10)}  ${description}`),
        '',
        custom.length === 0
          ? 'More of your own: bd config set types.custom "name1,name2"'
          : `Set in types.custom: ${custom.join(', ')}`,
      ].join('\n'),
    };
  },
};

/** The statuses a bead can have, and what each counts as. */
export const statuses: CommandModule = {
  schema: z.object({
    built_in_statuses: z.array(z.object({ ...named, category: z.string() })),
    custom_statuses: z.optional(z.array(z.object({ name: z.string(), category: z.string() }))),
  }),
  async run(app, input) {
    const { home } = await openBeads(app, input);
    const custom = [...parseCustomStatuses((await home.config()).get('status.custom') ?? '')];
    const rows = Object.entries(STATUSES);
    const width = Math.max(...[...rows, ...custom].map(([name]) => name.length));
    const line = (name: string, category: string, text: string) =>
      `${name.padEnd(width)}  ${category.padEnd(11)}  ${text}`;
    return {
      data: {
        built_in_statuses: rows.map(([name, [category, description]]) => ({ name, category, description })),
        ...(custom.length === 0
          ? {}
          : { custom_statuses: custom.map(([name, category]) => ({ name, category })) }),
      },
      text: [
        ...rows.map(([name, [category, text]]) => line(name, category, text)),
        ...custom.map(([name, category]) => line(name, category, 'Set in status.custom')),
        '',
        'active is listed as ready, wip and active in bd list, done and frozen in neither.',
        'More of your own: bd config set status.custom "in_review:active,on_hold:frozen"',
      ].join('\n'),
    };
  },
};
