import { dirname, join } from 'node:path';
import type { TownContext } from '../../beads/context.ts';
import { RefusedError } from '../../core/errors.ts';
import { planAsk } from '../../runtimes/ask.ts';
import type { Ask } from '../../runtimes/ask.ts';
import { resolveRuntime } from '../../runtimes/resolve.ts';
import type { RuntimeRecord } from '../../runtimes/types.ts';
import { programEnv } from '../agent-env.ts';
import type { TranscriptPlace } from '../transcripts/read.ts';
import { readNotes } from './notes.ts';
import type { PastSession } from './past-session.ts';
import type { SessionSource } from './sources.ts';

export interface TalkRequest {
  readonly past: PastSession;
  readonly source: SessionSource;
  /** One question, one answer; absent = an interactive talk. */
  readonly question?: string | undefined;
}

/** A program to run, and what it does. */
export interface Talk {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** `copy` = in a copy of the conversation, `itself` = it is gone on with, `notes` = somebody else reads about it. */
  readonly in: 'copy' | 'itself' | 'notes';
  /** Who answers. */
  readonly agent: string;
}

/**
 * How to talk to a predecessor: its runtime takes up the conversation; where that is not possible, the configured
 * agent answers from what is left of it. RefusedError `seance.running`, `seance.nothing-left`, `agent.no-resume`,
 * `agent.no-one-shot`, and what `resolveRuntime` throws.
 */
export async function planTalk(ctx: TownContext, request: TalkRequest): Promise<Talk> {
  const { past, source, question } = request;
  const { runtime, place } = source;
  const resumable =
    runtime?.resume !== undefined && (question === undefined || runtime.oneShot !== undefined);
  if (runtime !== undefined && resumable && place !== undefined && place.store !== 'recording') {
    const where = await placeToTalk(ctx, source, place);
    if (where !== undefined) return takeUp(ctx, request, { runtime, place, ...where });
  }
  if (question === undefined) throw noTerminal(past, runtime);
  return answerFromNotes(ctx, request, question);
}

interface TakeUp {
  readonly runtime: RuntimeRecord;
  readonly place: Exclude<TranscriptPlace, { readonly store: 'recording' }>;
  readonly cwd: string;
}

async function takeUp(
  ctx: TownContext,
  { past, question }: TalkRequest,
  { runtime, place, cwd }: TakeUp,
): Promise<Talk> {
  const copies = runtime.forkFlag !== undefined;
  if (past.end.kind === 'running' && !copies) throw running(past);
  const { conversation } = place;
  const ask = planAsk({ runtime, question, conversation, lookUp: ctx.env });
  const env = { ...(await envFor(ctx, ask)), ...accountOf(ctx, place) };
  return { argv: ask.argv, env, cwd, in: copies ? 'copy' : 'itself', agent: runtime.name };
}

async function envFor(ctx: TownContext, { env }: Ask): Promise<Record<string, string>> {
  return { ...(await programEnv(ctx, { credentials: true })), ...env };
}

/** Claude Code finds a conversation only in the account that holds it. */
function accountOf(ctx: TownContext, { store, file }: TakeUp['place']): Record<string, string> {
  if (store !== 'claude') return {};
  const account = dirname(dirname(dirname(file)));
  // Named by default, it would look for its own state in another place.
  return account === join(ctx.env['HOME'] ?? '/', '.claude') ? {} : { CLAUDE_CONFIG_DIR: account };
}

/**
 * A conversation is taken up in the folder it was held in. When that is gone, Claude Code finds it in a folder of
 * ours by a link; others would not, and undefined is returned.
 */
async function placeToTalk(
  ctx: TownContext,
  { folders }: SessionSource,
  place: TakeUp['place'],
): Promise<{ readonly cwd: string } | undefined> {
  const { files } = ctx.ports;
  for (const cwd of folders) if ((await files.stat(cwd))?.kind === 'dir') return { cwd };
  if (place.store !== 'claude') return undefined;
  const cwd = join(ctx.paths.runtimeDir, 'seance');
  await files.makeDir(cwd);
  const project = ((await files.realPath(cwd)) ?? cwd).replaceAll(/[^a-zA-Z0-9]/g, '-');
  const link = join(dirname(dirname(place.file)), project, `${place.conversation}.jsonl`);
  await files.makeDir(dirname(link));
  await files.link(link, place.file);
  return { cwd };
}

async function answerFromNotes(
  ctx: TownContext,
  { past, source }: TalkRequest,
  question: string,
): Promise<Talk> {
  const notes = await readNotes(ctx, past, source.place);
  if (notes === undefined) {
    throw new RefusedError({
      code: 'seance.nothing-left',
      message: `nothing is left of ${past.id}: no transcript, no recording`,
      hint: 'See what happened around it: gt trail',
    });
  }
  const runtime = await resolveRuntime(ctx, { role: 'mayor' });
  const prompt = `${notes}\n\nAnswer from these notes alone, in a few sentences: ${question}`;
  const ask = planAsk({ runtime, question: prompt, lookUp: ctx.env });
  return { argv: ask.argv, env: await envFor(ctx, ask), cwd: ctx.root, in: 'notes', agent: runtime.name };
}

function running({ id, agent }: PastSession): RefusedError {
  return new RefusedError({
    code: 'seance.running',
    message: `${id} is still at work as ${agent}, and its runtime cannot copy a conversation`,
    hint: `Ask it itself: gt nudge ${agent} '<question>'`,
  });
}

function noTerminal({ id }: PastSession, runtime: RuntimeRecord | undefined): RefusedError {
  return new RefusedError({
    code: 'agent.no-resume',
    message: `${id} cannot be taken up${runtime === undefined ? '' : ` by '${runtime.name}'`}`,
    hint: `Ask what is left of it: gt seance --talk ${id.slice(0, 13)} -p '<question>'`,
  });
}
