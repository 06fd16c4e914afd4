import { describe, expect, it } from 'vitest';
import { mayType } from '../../../src/pane-host/may-type.ts';
import type { PanePhase } from '../../../src/ports/panes.ts';

const PHASES: readonly PanePhase[] = [
  'starting',
  'dialog',
  'ready',
  'idle',
  'busy',
  'limited',
  'exiting',
  'exited',
];
const MODES = ['when-idle', 'immediate'] as const;

describe('may gt type now?', () => {
  it('P12: only into an idle agent, or at once into one that queues what is typed, and never beside a person', () => {
    const allowed = PHASES.flatMap((phase) =>
      MODES.flatMap((mode) =>
        [true, false].flatMap((human) =>
          [true, false].flatMap((queuesWhileBusy) =>
            mayType({ phase, mode, human, queuesWhileBusy }).may === 'now'
              ? [{ phase, mode, human, queuesWhileBusy }]
              : [],
          ),
        ),
      ),
    );
    expect(allowed).toEqual([
      { phase: 'ready', mode: 'immediate', human: false, queuesWhileBusy: true },
      { phase: 'idle', mode: 'when-idle', human: false, queuesWhileBusy: true },
      { phase: 'idle', mode: 'when-idle', human: false, queuesWhileBusy: false },
      { phase: 'idle', mode: 'immediate', human: false, queuesWhileBusy: true },
      { phase: 'idle', mode: 'immediate', human: false, queuesWhileBusy: false },
      { phase: 'busy', mode: 'immediate', human: false, queuesWhileBusy: true },
    ]);
  });

  it('says why not, and whether waiting can help', () => {
    const facts = { mode: 'when-idle', human: false, queuesWhileBusy: true } as const;
    expect(mayType({ ...facts, phase: 'limited' })).toEqual({
      may: 'later',
      why: 'the agent is rate limited',
    });
    expect(mayType({ ...facts, phase: 'idle', human: true })).toEqual({
      may: 'later',
      why: 'a person is typing',
    });
    expect(mayType({ ...facts, phase: 'exited' })).toEqual({ may: 'never', why: 'the agent has ended' });
  });
});
