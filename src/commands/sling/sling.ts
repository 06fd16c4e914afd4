import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { UsageError } from '../../core/errors.ts';
import { runSling } from '../../polecat/sling/run.ts';
import type { SlingOptions } from '../../polecat/sling/options.ts';
import { renderSlingResults } from '../../ui/text/sling.ts';
import { parsePairs } from '../bd/texts.ts';
import { actingTown } from '../acting-town.ts';
import { slingRow } from './row.ts';

export const schema = z.array(
  z.object({
    bead: z.string(),
    outcome: z.enum(['dispatched', 'queued', 'unchanged', 'planned', 'failed']),
    polecat: z.optional(z.string()),
    session: z.optional(z.string()),
    branch: z.optional(z.string()),
    convoy: z.optional(z.string()),
    runtime: z.optional(z.string()),
    reason: z.optional(z.string()),
    code: z.optional(z.string()),
    plan: z.optional(z.array(z.string())),
  }),
);

export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const options = await readOptions(app, input);
  const town = await actingTown(app);
  const words = slingWords(input);
  const results = await runSling(town, { words, options, dryRun: input.bool('dry-run') });
  const [only] = results;
  // One bead that fails is the command's own error, with its hint; of several each is told.
  if (results.length === 1 && only?.kind === 'failed') throw only.error;
  const failed = results.some((result) => result.kind === 'failed');
  const rows = results.map(slingRow);
  return { data: rows, text: renderSlingResults(rows, app.output.style), exitCode: failed ? 1 : 0 };
}

/** `<formula> --on <bead> [<rig>]` is `<bead> [<rig>] --formula <formula>`. */
function slingWords(input: CommandInput): readonly string[] {
  const on = input.flag('on');
  const words = input.args('beads');
  if (on === undefined) return words;
  if (input.flag('formula') === undefined) return [on, ...words.slice(1)];
  throw new UsageError({
    code: 'sling.options',
    message: '--on follows a formula, --formula follows a bead: give one of them',
    hint: 'gt sling <bead> <rig> --formula <formula>',
  });
}

async function readOptions(app: AppContext, input: CommandInput): Promise<SlingOptions> {
  const merge = input.flag('merge');
  const yes = (name: string): true | undefined => (input.bool(name) ? true : undefined);
  return {
    agent: input.flag('agent'),
    script: input.flag('script'),
    args: await readNote(app, input),
    baseBranch: input.flag('base-branch'),
    merge: merge === 'mr' || merge === 'local' ? merge : undefined,
    noMerge: yes('no-merge'),
    reviewOnly: yes('review-only'),
    noConvoy: yes('no-convoy'),
    owned: yes('owned'),
    force: yes('force'),
    formula: input.flag('formula') ?? (input.flag('on') === undefined ? undefined : input.args('beads')[0]),
    vars: parsePairs(input.list('var')),
  };
}

async function readNote(app: AppContext, input: CommandInput): Promise<string | undefined> {
  const typed = input.flag('args') ?? input.flag('message');
  if (input.bool('stdin') && typed !== undefined) {
    throw new UsageError({
      code: 'sling.options',
      message: '--stdin already gives the note: leave out --args',
    });
  }
  const note = input.bool('stdin') ? (await app.stdin()).trim() : typed;
  const parts = [input.flag('subject'), note].filter((part) => part !== undefined && part !== '');
  return parts.length === 0 ? undefined : parts.join('\n');
}
