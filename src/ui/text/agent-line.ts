import { formatAge } from '../../core/duration.ts';
import type { AgentView } from '../../watchdog/view/types.ts';
import type { Paint } from './paint.ts';
import { clip, fit, shorten, widthOf } from './width.ts';

const NAME_WIDTH = 12;
const STATE_WIDTH = 9;

/** `furiosa      ● working  2m [script] → tr-abc12 Write the files page · waits to land`, at most `columns` wide. @param unread mail in its box */
export function agentLine(
  agent: AgentView,
  now: number,
  { paint, columns, unread = 0 }: { paint: Paint; columns: number; unread?: number },
): string {
  const head = `  ${fit(agent.name, NAME_WIDTH)} ${glyph(agent, paint)} ${paintState(agent, paint)} ${ageOf(agent, now)}`;
  const runtime = agent.runtime === undefined || !agent.running ? '' : ` [${agent.runtime}]`;
  const work = agent.bead === undefined ? '' : ` → ${agent.bead} ${clip(agent.title ?? '', 30, columns)}`;
  const why = [...shownReasons(agent), ...(agent.next === undefined ? [] : [agent.next])].map((text) =>
    clip(text, 200, columns),
  );
  const mail = unread === 0 ? '' : ` 📬${unread}`;
  const tail = `${runtime}${work}${mail}${why.length === 0 ? '' : ` · ${why.join(' · ')}`}`;
  return `${head}${shorten(tail, Math.max(20, columns - widthOf(head)))}`.trimEnd();
}

/** What only repeats the state's word tells nothing. */
function shownReasons(agent: AgentView): readonly string[] {
  return agent.reasons.filter((reason) => reason !== 'holds nothing' && reason !== 'session and agent live');
}

function ageOf({ since }: AgentView, now: number): string {
  return fit(since === undefined ? '' : formatAge(now - since), 4);
}

function glyph(agent: AgentView, paint: Paint): string {
  if (agent.needsPerson) return paint.red('⚠');
  if (agent.state === 'dead' || agent.state === 'orphan') return paint.red('✖');
  if (agent.state === 'unknown') return paint.yellow('?');
  return agent.running ? paint.green('●') : paint.dim('○');
}

function paintState(agent: AgentView, paint: Paint): string {
  const word = fit(agent.state, STATE_WIDTH);
  if (agent.needsPerson || agent.state === 'dead') return paint.red(word);
  return agent.state === 'idle' ? paint.dim(word) : word;
}
