import * as z from 'zod/mini';
import type { CommandInput, CommandReply } from '../../cli/command.ts';
import type { AppContext } from '../../context.ts';
import { runSling } from '../../polecat/sling/run.ts';
import { badOptions } from '../../polecat/sling/options.ts';
import type { SlingOptions } from '../../polecat/sling/options.ts';
import { splitCommandLine } from '../../runtimes/command-line.ts';
import { renderSlingResults } from '../../ui/text/sling.ts';
import { parsePairs } from '../bd/texts.ts';
import { actingTown } from '../acting-town.ts';
import { slingRow } from './row.ts';

export const schema = z.array(
  z.object({
    bead: z.string(),
    outcome: z.enum(['dispatched', 'queued', 'unchanged', 'planned', 'failed']),
    agent: z.optional(z.string()),
    polecat: z.optional(z.string()),
    session: z.optional(z.string()),
    branch: z.optional(z.string()),
    convoy: z.optional(z.string()),
    runtime: z.optional(z.string()),
    told: z.optional(z.enum(['nudged', 'started', 'not-needed', 'later'])),
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
  if (input.flag('formula') !== undefined)
    throw badOptions('--on follows a formula, --formula follows a bead: give one of them');
  if (words.length > 2) throw badOptions('--on is for one bead: gt sling <formula> --on <bead> [<target>]');
  return [on, ...words.slice(1)];
}

async function readOptions(app: AppContext, input: CommandInput): Promise<SlingOptions> {
  const merge = input.flag('merge');
  const wrapper = input.flag('exec-wrapper');
  const yes = (name: string): true | undefined => (input.bool(name) ? true : undefined);
  return {
    agent: input.flag('agent'),
    account: input.flag('account'),
    script: input.flag('script'),
    execWrapper: wrapper === undefined ? undefined : wrapper.trim() === '' ? [] : splitCommandLine(wrapper),
    args: await readNote(app, input),
    baseBranch: input.flag('base-branch'),
    merge: merge === 'direct' || merge === 'mr' || merge === 'local' ? merge : undefined,
    noMerge: yes('no-merge'),
    reviewOnly: yes('review-only'),
    mode: input.bool('ralph') ? 'ralph' : undefined,
    noConvoy: yes('no-convoy'),
    owned: yes('owned'),
    force: yes('force'),
    formula: input.flag('formula') ?? (input.flag('on') === undefined ? undefined : input.args('beads')[0]),
    rawBead: yes('hook-raw-bead'),
    vars: parsePairs(input.list('var')),
    create: yes('create'),
    crew: input.flag('crew'),
    maxConcurrent: input.number('max-concurrent'),
  };
}

/** Subject, message and args, in that order; standard input stands for the args, or for the message when args are given. */

async function readNote(app: AppContext, input: CommandInput): Promise<string | undefined> {
  const [subject, message, args] = ['subject', 'message', 'args'].map((name) => input.flag(name));
  if (input.bool('stdin') && message !== undefined && args !== undefined)
    throw badOptions('--stdin stands for --args or for --message: leave out one of them');
  const piped = input.bool('stdin') ? (await app.stdin()).trim() : undefined;
  const parts = args === undefined ? [subject, message, piped] : [subject, piped ?? message, args];
  return parts.filter((part) => part !== undefined && part !== '').join('\n') || undefined;
}
