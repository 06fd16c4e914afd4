import { expect, test } from 'vitest';
import { withExcludes } from '../../../src/rig/excludes.ts';
import { createUndoList } from '../../../src/rig/undo.ts';
import { createFakeLog } from '../../fakes/log.ts';

test('P29: our lines stand in a block of their own, the user’s stay where they are', () => {
  const once = withExcludes('# mine\n*.tmp\n', ['/.beads/', '/.claude/']);
  expect(once).toMatch(/^# mine\n\*\.tmp\n# --- gt/);
  expect(withExcludes(once, ['/.beads/', '/.claude/'])).toBe(once);
  const more = withExcludes(`${once}after\n`, ['/new/']);
  expect(more).toContain('/.beads/\n/.claude/\n/new/\n');
  expect(more.endsWith('after\n')).toBe(true);
});

test('what was made last is taken back first, and one failure does not keep the rest', async () => {
  const undone: string[] = [];
  const list = createUndoList(createFakeLog());
  list.add('first', async () => void undone.push('first'));
  list.add('second', () => Promise.reject(new Error('disk')));
  list.add('third', async () => void undone.push('third'));
  expect(await list.run()).toEqual(['second']);
  expect(undone).toEqual(['third', 'first']);
  expect(await list.run()).toEqual([]);
});
