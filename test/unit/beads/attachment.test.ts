import { expect, test } from 'vitest';
import { readAttachment, withoutAttachment, writeAttachment } from '../../../src/beads/forms/attachment.ts';

const HUMAN = 'mode: dark\n\nMake it dark.';

test('a description without an attachment has none, even when it begins like one', () => {
  expect(readAttachment({ description: HUMAN })).toBeUndefined();
  expect(withoutAttachment(HUMAN)).toBe(HUMAN);
});

test('what was attached is read back, above the text of the human', () => {
  const written = writeAttachment(HUMAN, {
    attachedAt: '2026-03-01T12:00:00Z',
    attachedArgs: 'first line\nsecond: line',
    attachedVars: ['a=1', 'b=two words'],
    dispatchedBy: 'overseer',
    noMerge: true,
    reviewOnly: false,
    convoyId: 'hq-cv-abcde',
  });
  expect(written).toBe(
    [
      'attached_at: 2026-03-01T12:00:00Z',
      String.raw`attached_args: "first line\nsecond: line"`,
      'attached_vars: ["a=1","b=two words"]',
      'dispatched_by: overseer',
      'no_merge: true',
      'convoy_id: hq-cv-abcde',
      '',
      HUMAN,
    ].join('\n'),
  );
  expect(readAttachment({ description: written })).toEqual({
    attachedAt: '2026-03-01T12:00:00Z',
    attachedArgs: 'first line\nsecond: line',
    attachedVars: ['a=1', 'b=two words'],
    dispatchedBy: 'overseer',
    noMerge: true,
    convoyId: 'hq-cv-abcde',
  });
  expect(withoutAttachment(written)).toBe(HUMAN);
});

test('a second write changes the block and nothing else; clearing every line leaves the human text', () => {
  const first = writeAttachment(HUMAN, { dispatchedBy: 'overseer', mode: 'ralph' });
  const second = writeAttachment(first, { mode: null, convoyId: 'hq-cv-1' });
  expect(second).toBe(`dispatched_by: overseer\nconvoy_id: hq-cv-1\n\n${HUMAN}`);
  expect(writeAttachment(second, { dispatchedBy: null, convoyId: null })).toBe(HUMAN);
});

test('lines of the Go gt are read: no blank line below, other spellings, bare variables, null', () => {
  const description =
    'Attached-Molecule: gt-wisp-a\nattached_vars: x=1\nno-merge: TRUE\nconvoy_id: null\nText';
  expect(readAttachment({ description })).toEqual({
    attachedMolecule: 'gt-wisp-a',
    attachedVars: ['x=1'],
    noMerge: true,
  });
  expect(withoutAttachment(description)).toBe('Text');
});

test('an empty description holds an attachment alone', () => {
  expect(writeAttachment('', { dispatchedBy: 'overseer' })).toBe('dispatched_by: overseer');
});
