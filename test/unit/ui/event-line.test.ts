import { describe, expect, test } from 'vitest';
import type { TownEvent } from '../../../src/town/events.ts';
import { eventLine, eventMessage } from '../../../src/ui/text/event-line.ts';

function event(type: string, payload: Record<string, unknown> = {}, actor = 'proj/polecats/ace'): TownEvent {
  return { ts: '2026-01-02T03:04:05Z', source: 'gt', type, actor, payload, visibility: 'feed' };
}

describe('what happened, in words', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['sling', { bead: 'pj-1', target: 'proj/polecats/ace' }, 'slung pj-1 to proj/polecats/ace'],
    ['spawn', { rig: 'proj', polecat: 'ace' }, 'started proj/ace'],
    ['spawn', { rig: 'proj', polecat: 'ace', bead: 'pj-1' }, 'started proj/ace for pj-1'],
    ['done', { bead: 'pj-1', branch: 'polecat/ace/pj-1@x' }, 'handed in pj-1 (polecat/ace/pj-1@x)'],
    ['kill', { rig: 'proj', target: 'proj/ace', reason: 'idle' }, 'stopped proj/ace: idle'],
    ['session_death', { session: 'pj-ace', agent: 'proj/ace', reason: 'exit 1' }, 'proj/ace died: exit 1'],
    ['mass_death', { count: 3, window: '30s', possible_cause: 'reboot' }, '3 agents died within 30s: reboot'],
    ['merged', { mr: 'pj-wisp-1', branch: 'b' }, 'landed pj-wisp-1 b'],
    ['merge_failed', { branch: 'b', reason: 'test' }, 'sent back b: test'],
    ['mail', { subject: 'hello', to: 'mayor/' }, 'hello → mayor/'],
    ['escalation_sent', { target: 'pj-1', reason: 'died 3 times' }, 'needs a person: pj-1: died 3 times'],
    ['scheduler_dispatch_failed', { bead: 'pj-1', error: 'no space' }, 'could not dispatch pj-1: no space'],
    ['something_new', { message: 'of a later version' }, 'of a later version'],
    ['something_new', { a: 'b', n: 2, nested: {} }, 'something_new a=b n=2'],
  ])('%s %j', (type, payload, words) => {
    expect(eventMessage(event(type, payload))).toBe(words);
  });
});

test('a line has local time, symbol, actor in 25 cells and the message', () => {
  expect(eventLine(event('done', { bead: 'pj-1' }))).toMatch(
    /^\[\d\d:\d\d:\d\d\] ✓ {2}proj\/polecats\/ace {9}handed in pj-1$/,
  );
});

test('P26: what agents write cannot move the cursor', () => {
  const line = eventLine(event('mail', { subject: '\u001b[2J\u0007evil\r\nline', to: 'x' }, 'a\u001b[1mb'));
  expect(line).not.toMatch(/[\u0000-\u001f]/);
});
