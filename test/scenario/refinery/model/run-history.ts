import type { TickReport } from '../../../../src/refinery/report.ts';
import type { Happening } from './happenings.ts';
import { judgeClosedRows, judgeIds, judgeRest, judgeRows, judgeRuns, readRows } from './judge-rows.ts';
import type { Rows } from './judge-rows.ts';
import { watchPushes } from './judge-push.ts';
import { judgeNotices } from './judge-notices.ts';
import { happen, pass, resume } from './play.ts';
import { retryMergeRequest } from '../../../../src/refinery/manage.ts';
import { beginStory, mended } from './story.ts';
import type { Story } from './story.ts';
import { isGreen } from './truth.ts';

export interface Outcome {
  /** Broken invariants; empty when all nine hold. */
  readonly wrong: readonly string[];
  /** Every tip of the target, oldest first. */
  readonly tips: readonly string[];
  readonly flakyEvictions: number;
  readonly submitted: number;
}

const HOUR_MS = 3_600_000;

/** Plays a history from its beginning, then lets everything come to rest; checks after every step. */
export async function runHistory(history: readonly Happening[]): Promise<Outcome> {
  const story = await beginStory();
  try {
    watchPushes(story);
    let rows = await readRows(story);
    for (const event of history) {
      await story.town.clock.advance(1000);
      const report = await happen(story, event);
      rows = await look(story, rows, report);
      if (story.wrong.length > 0) break;
    }
    if (story.wrong.length === 0) await comeToRest(story, rows);
  } finally {
    await story.town.close();
  }
  const { wrong, tips, flakyEvictions, requests } = story;
  return { wrong, tips, flakyEvictions, submitted: requests.length };
}

async function look(story: Story, before: Rows, report: TickReport | undefined): Promise<Rows> {
  const after = await readRows(story);
  judgeRows(story, before, after);
  if (report !== undefined && report.waiting.length === 0) {
    judgeClosedRows(story, after);
    if (!story.misled && !hasFlakes(story)) judgeRuns(story, report);
  }
  return after;
}

function hasFlakes({ runs }: Story): boolean {
  return runs.some(({ files }) => Object.values(files).includes('FLAKY\n'));
}

/** No more trouble: whoever paused the lane resumes it, the target is repaired, what was sent back wrongly comes again. */
async function comeToRest(story: Story, first: Rows): Promise<void> {
  const { town } = story;
  story.flaky = false;
  let rows = first;
  for (let turn = 0; turn < 4; turn += 1) {
    await resume(story);
    for (let count = 0; count < 10; count += 1) {
      const report = await pass(story, town);
      rows = await look(story, rows, report);
      if (report?.state !== 'done') break;
    }
    await mendTarget(story);
    if (turn === 1) await retryAll(story);
    await town.clock.advance(2 * HOUR_MS);
  }
  judgeRest(story, rows);
  judgeIds(story);
  await judgeNotices(story, rows);
  const report = await pass(story, town);
  if (report?.state !== 'idle' || report.runs > 0)
    story.wrong.push(`8: at rest it goes on: ${report?.state}`);
}

async function mendTarget(story: Story): Promise<void> {
  const { town, objects, tips } = story;
  const tip = tips.at(-1);
  if (tip === undefined || isGreen(story.gates, objects.filesOf(tip))) return;
  tips.push(await town.origin.commit('main', mended(objects.filesOf(tip)), { message: 'Repaired' }));
}

async function retryAll({ town, requests, flakyEvictions, misled }: Story): Promise<void> {
  if (flakyEvictions === 0 && !misled) return;
  for (const { mr } of requests) await retryMergeRequest(town.ctx, town.rig, mr).catch(() => undefined);
}
