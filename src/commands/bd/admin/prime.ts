import { join } from 'node:path';
import * as z from 'zod/mini';
import { readMemories } from '../../../beads/forms/kv.ts';
import type { Bead } from '../../../beads/types.ts';
import type { CommandInput, CommandReply } from '../../../cli/command.ts';
import type { AppContext } from '../../../context.ts';
import { GtError, messageOf } from '../../../core/errors.ts';
import { readActor } from '../author.ts';
import { openBeads, type BdHome } from '../open.ts';
import { PRIME_READY, memoryLines, primeText, type PrimeFacts } from './prime-text.ts';
import { readYamlFile } from './yaml-file.ts';

export const schema = z.object({ text: z.string() });

/**
 * What an agent should know at the start of a session. Runs in hooks, so it never fails: without beads it prints
 * nothing, and what is wrong with them is told as text.
 */
export async function run(app: AppContext, input: CommandInput): Promise<CommandReply> {
  const text = await tellOrExplain(app, input);
  if (!input.bool('hook-json')) return { data: { text }, text };
  const envelope = { hookSpecificOutput: { hookEventName: 'SessionStart', additionalContext: text } };
  return { data: { text }, text: JSON.stringify(envelope) };
}

async function tellOrExplain(app: AppContext, input: CommandInput): Promise<string> {
  try {
    return await tell(app, input, await openBeads(app, input));
  } catch (error) {
    if (!(error instanceof GtError)) throw error;
    const isAbsent = error.code === 'beads.no-database' || error.code === 'town.not-found';
    return isAbsent
      ? ''
      : `bd cannot read this project's beads: ${messageOf(error)}. ${error.hint ?? ''}`.trim();
  }
}

async function tell(app: AppContext, input: CommandInput, beads: BdHome): Promise<string> {
  if (input.bool('memories-only'))
    return memoryLines(await readMemories(beads.home))
      .join('\n')
      .trim();
  const own = input.bool('export') ? undefined : await ownText(app, beads);
  return own ?? primeText(await readFacts(app, input, beads), input.bool('full') ? 'full' : 'short');
}

/** PRIME.md of the folder that led here, of the ledger, or of the user takes the place of our text. */
async function ownText(app: AppContext, beads: BdHome): Promise<string | undefined> {
  const config = app.env['XDG_CONFIG_HOME'] || join(app.env['HOME'] ?? '', '.config');
  const folders = [beads.redirectedFrom, beads.dir ?? beads.town?.paths.beadsDir, join(config, 'beads')];
  for (const folder of folders) {
    const text =
      folder === undefined ? undefined : await app.machine.files.readText(join(folder, 'PRIME.md'));
    if (text !== undefined) return text.trimEnd();
  }
  return undefined;
}

/** Beads that gt keeps for itself, such as the merge slot, are nobody's work. */
function isForAnyone({ labels }: Bead): boolean {
  return labels.every((label) => !label.startsWith('gt:') || ['gt:task', 'gt:bug'].includes(label));
}

async function readFacts(app: AppContext, input: CommandInput, beads: BdHome): Promise<PrimeFacts> {
  const { home } = beads;
  const actor = await readActor(app, input, beads);
  const isWork = { notType: ['gate', 'message', 'agent', 'role', 'rig', 'molecule', 'merge-request'] };
  const [mine, ready, open, blocked, memories, yaml] = await Promise.all([
    home.list({ status: ['in_progress', 'hooked'], assignee: actor }),
    home.ready({ limit: PRIME_READY }).then((beads) => beads.filter(isForAnyone)),
    home.count({ notStatus: ['closed', 'pinned'], tables: ['issues'], notLabels: ['gt:slot'], ...isWork }),
    home.count({ blocked: true, notStatus: ['closed'] }),
    readMemories(home),
    readYamlFile(app, beads),
  ]);
  return {
    prefix: home.prefix,
    actor,
    mine,
    ready,
    counts: { open, ready: ready.length, blocked },
    memories,
    inTown: beads.town !== undefined && beads.town.actor.role !== 'overseer',
    noGit: input.bool('stealth') || yaml.get('no-git-ops') === 'true',
  };
}
