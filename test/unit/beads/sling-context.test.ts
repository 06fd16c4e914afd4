import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatVars, parseSlingContext, parseVars } from '../../../src/beads/forms/sling-context.ts';
import { attachmentOf, scriptOf, slingTermsOf } from '../../../src/beads/forms/sling-terms.ts';
import { writeAttachment } from '../../../src/beads/forms/attachment.ts';
import { convoyVerdict } from '../../../src/convoy/progress.ts';
import { newConvoyId } from '../../../src/beads/forms/convoy-row.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { known, unknownFact } from '../../../src/core/fact.ts';

function row(description: string): Bead {
  return { id: 'gt-wisp-1', description, createdAt: '2026-01-01T00:00:00Z' } as unknown as Bead;
}

describe('a queue row', () => {
  test('of the Go gt is read', () => {
    const text = JSON.stringify({
      version: 1,
      work_bead_id: 'gt-a',
      target_rig: 'gastown',
      formula: 'mol-polecat-work',
      args: 'do it',
      vars: 'base_branch=main\nx=a=b',
      enqueued_at: '2026-02-03T04:05:06Z',
      merge: 'mr',
      convoy: 'hq-cv-1',
      no_merge: false,
      account: 'me',
      dispatch_failures: 2,
      last_failure: 'no slot',
    });
    expect(parseSlingContext(row(text))).toMatchObject({
      workBead: 'gt-a',
      rig: 'gastown',
      args: 'do it',
      vars: { base_branch: 'main', x: 'a=b' },
      enqueuedAt: '2026-02-03T04:05:06Z',
      merge: 'mr',
      convoy: 'hq-cv-1',
      dispatchFailures: 2,
      lastFailure: 'no slot',
    });
  });

  test.each([
    '',
    'no json',
    '[]',
    '{}',
    '{"work_bead_id":"--help","target_rig":"x"}',
    '{"work_bead_id":1,"target_rig":"x"}',
  ])('that makes no sense (%j) is none', (text) => {
    expect(parseSlingContext(row(text))).toBeUndefined();
  });

  test('never breaks a variable over lines', () => {
    expect(parseVars(formatVars({ prior_failure: 'one\ntwo=2\n', b: '' }))).toEqual({
      prior_failure: 'one two=2',
      b: '',
    });
  });
});

describe('terms on the bead', () => {
  const text = fc.stringMatching(/^[ -~]{1,40}$/);
  const terms = fc.record({
    args: fc.option(fc.string({ minLength: 1, maxLength: 60 }), { nil: undefined }),
    vars: fc.dictionary(fc.stringMatching(/^[a-z_]{1,10}$/), text, { maxKeys: 3 }),
    merge: fc.option(fc.constantFrom('direct' as const, 'mr' as const, 'local' as const), { nil: undefined }),
    convoy: fc.option(fc.constantFrom('hq-cv-abc12'), { nil: undefined }),
    owned: fc.boolean(),
    baseBranch: fc.option(fc.constantFrom('release', 'a/b'), { nil: undefined }),
    noMerge: fc.boolean(),
    reviewOnly: fc.boolean(),
  });

  test('are read back as they were written, and the text below stays', () => {
    fc.assert(
      fc.property(terms, fc.constantFrom('', 'A page.\n\nmode: dark', 'x: y'), (given, human) => {
        const description = writeAttachment(
          human,
          attachmentOf(given, { at: '2026-01-01T00:00:00Z', by: 'overseer' }),
        );
        const read = slingTermsOf({ description, metadata: {} });
        const trimmed = Object.fromEntries(
          Object.entries(given.vars).map(([key, value]) => [key, value.trimEnd()]),
        );
        const vars = given.baseBranch === undefined ? trimmed : { ...trimmed, base_branch: given.baseBranch };
        expect({ ...read, args: read.args ?? undefined, agent: undefined }).toMatchObject({
          ...given,
          args: given.args === 'null' ? read.args : given.args,
          baseBranch: vars['base_branch'],
          vars,
        });
        expect(description.endsWith(human)).toBe(true);
      }),
    );
  });

  test.each([
    [{ cmd: 'make', by: 'overseer', at: 'x' }, true],
    [{ cmd: '', by: 'overseer', at: 'x' }, false],
    ['make', false],
    [undefined, false],
  ])('a script is only what sling writes: %j', (script, valid) => {
    expect(scriptOf({ metadata: { script } }) !== undefined).toBe(valid);
  });
});

describe('P20: what becomes of a convoy', () => {
  const convoy = (
    status: string,
    members: readonly (string | undefined)[],
    labels: readonly string[] = [],
  ) => ({
    bead: { status, labels } as unknown as Bead,
    members: members.map((member, index) => ({
      id: `gt-${index}`,
      bead:
        member === 'unreadable'
          ? unknownFact('no answer')
          : known(member === undefined ? undefined : ({ status: member } as unknown as Bead)),
      liveMr: undefined,
    })),
  });

  test.each([
    ['open', ['closed', 'closed'], false, 'close'],
    ['open', ['closed', 'open'], false, 'leave'],
    ['open', [], false, 'leave'],
    ['open', [undefined], false, 'leave'],
    ['open', ['closed', undefined], false, 'close'],
    ['open', ['closed', 'unreadable'], false, 'leave'],
    ['closed', ['closed', 'open'], true, 'reopen'],
    ['closed', ['closed', 'open'], false, 'leave'],
    ['closed', ['closed'], true, 'leave'],
    ['closed', [], true, 'leave'],
    ['staged_ready', ['closed'], false, 'leave'],
  ] as const)('%s with members %j (closed by itself: %s): %s', (status, members, byItself, expected) => {
    expect(convoyVerdict(convoy(status, members), byItself)).toBe(expected);
  });

  test('one that is owned is left to its owner', () => {
    expect(convoyVerdict(convoy('open', ['closed'], ['gt:owned']), false)).toBe('leave');
  });

  test('ids are five characters of 0-9a-z', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 5 }), (random) => {
        expect(newConvoyId(random)).toMatch(/^hq-cv-[0-9a-z]{5}$/);
      }),
    );
  });
});
