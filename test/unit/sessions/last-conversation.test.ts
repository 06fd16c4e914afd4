import { describe, expect, test } from 'vitest';
import type { PaneState } from '../../../src/ports/panes.ts';
import { PRESETS } from '../../../src/runtimes/presets.ts';
import { makeRecord } from '../../../src/runtimes/record.ts';
import { lastConversation } from '../../../src/sessions/last-conversation.ts';

const record = (name: string) =>
  makeRecord({ name, presetName: name, preset: PRESETS[name] ?? {}, custom: false });
const CLAUDE = record('claude');

const STATE = {
  state: 'busy',
  started: '2026-01-01T10:00:00.000Z',
  since: '2026-01-01T10:00:20.000Z',
  runtime: 'claude',
  bead: 'pj-1',
  conversation: 'c-1',
  wasReady: true,
} as unknown as PaneState;

const after = (more: Partial<PaneState> = {}, runtime = CLAUDE, bead?: string) =>
  lastConversation({ kind: 'gone', state: { ...STATE, ...more } }, runtime, bead);

describe('the next session of an agent', () => {
  test('goes on with the conversation of the last one', () => {
    expect(after()).toEqual({ conversation: 'c-1' });
    expect(after({}, CLAUDE, 'pj-1')).toEqual({ conversation: 'c-1' });
  });

  test('begins anew when there was none, or it was about something else', () => {
    expect(lastConversation({ kind: 'none' }, CLAUDE)).toBeUndefined();
    expect(lastConversation({ kind: 'unreadable', why: 'torn' }, CLAUDE)).toBeUndefined();
    expect(after({ wasReady: false })).toBeUndefined();
    expect(after({ runtime: 'codex' })).toBeUndefined();
    expect(after({}, CLAUDE, 'pj-2')).toBeUndefined();
  });

  test('begins anew when a resumed one ended soon: the conversation itself may be what ends it', () => {
    expect(after({ resumed: true })).toBeUndefined();
    expect(after({ resumed: true, lastOutput: '2026-01-01T10:05:00.000Z' })).toEqual({ conversation: 'c-1' });
  });

  test('without an id takes the newest of its folder, where the runtime can', () => {
    const { conversation: _unknown, ...nameless } = STATE;
    const opencode = { ...nameless, runtime: 'opencode' };
    expect(lastConversation({ kind: 'gone', state: opencode }, record('opencode'))).toEqual({});
    const auggie = { ...nameless, runtime: 'auggie' };
    expect(lastConversation({ kind: 'gone', state: auggie }, record('auggie'))).toBeUndefined();
  });
});
