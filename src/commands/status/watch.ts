import type { AppContext } from '../../context.ts';
import { messageOf } from '../../core/errors.ts';
import type { TownView } from '../../watchdog/view/types.ts';

export interface Watch {
  readonly read: () => Promise<TownView>;
  readonly draw: (view: TownView) => string;
  readonly intervalMs: number;
}

/** Frames for which an old view may stand in when every agent seems to vanish at once. */
const KEPT_FRAMES = 5;
const HOME_AND_CLEAR = '\u001B[H\u001B[2J';

/** Draws until the stop signal, each frame in one write; a terminal gets it from its top left corner. */
export async function watchStatus(app: AppContext, watch: Watch): Promise<void> {
  let last: TownView | undefined;
  let kept = 0;
  while (!app.stopSignal.aborted) {
    const frame = await nextFrame(watch, last, kept);
    kept = frame.isOld ? kept + 1 : 0;
    last = frame.view ?? last;
    app.output.write(`${app.output.isTTY ? HOME_AND_CLEAR : ''}${frame.text}\n`);
    await app.machine.clock.sleep(watch.intervalMs, app.stopSignal);
  }
}

interface Frame {
  readonly text: string;
  readonly view: TownView | undefined;
  readonly isOld: boolean;
}

/** A look that fails is tried once more; then the last good one is shown and said to be old. */
async function nextFrame(watch: Watch, last: TownView | undefined, kept: number): Promise<Frame> {
  try {
    const view = await watch.read().catch(() => watch.read());
    const isVanished = last !== undefined && running(last) > 0 && running(view) === 0;
    if (!isVanished || kept >= KEPT_FRAMES) return { text: watch.draw(view), view, isOld: false };
    return {
      text: `All agents vanished at once; the last good view:\n${watch.draw(last)}`,
      view: last,
      isOld: true,
    };
  } catch (error) {
    const notice = `Cannot look at the town: ${messageOf(error)}`;
    const text = last === undefined ? notice : `${notice}; the last good view:\n${watch.draw(last)}`;
    return { text, view: last, isOld: true };
  }
}

function running({ rigs }: TownView): number {
  return rigs.flatMap((rig) => rig.polecats).filter((agent) => agent.running).length;
}
