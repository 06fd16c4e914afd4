import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MR_PHASES, parseMrFields, writeMrFields } from '../../../src/beads/forms/merge-request-fields.ts';
import type { BeadId, Sha } from '../../../src/core/names.ts';

const SHA = 'a'.repeat(40) as Sha;

describe('the lines of a merge request', () => {
  it('reads every spelling of a key that the Go gt and people write', () => {
    const text = [
      'Branch: polecat/nux/gt-abc12@x1',
      'Source-Issue: gt-abc12',
      'COMMIT_SHA: ' + SHA,
      'convoy: hq-cv-1',
      'worker: polecats/nux',
      'retryCount: 3',
    ].join('\n');
    expect(parseMrFields(text)).toEqual({
      branch: 'polecat/nux/gt-abc12@x1',
      sourceIssue: 'gt-abc12',
      commit: SHA,
      convoyId: 'hq-cv-1',
      worker: 'nux',
      retryCount: 3,
    });
  });

  it('takes null and empty values as unset, never as the text "null"', () => {
    expect(parseMrFields('branch: b\nlast_conflict_sha: null\nworker:\ntarget: null')).toEqual({
      branch: 'b',
    });
  });

  it('does not believe malformed commits, ids, counts and phases', () => {
    const text =
      'branch: b\ncommit_sha: main\nsource_issue: not an id\nretry_count: -1\nphase: soon\nevidence: none';
    expect(parseMrFields(text)).toEqual({ branch: 'b' });
  });

  it('rewrites each known line once, also where an older writer left it twice', () => {
    const twice = 'branch: b\ncommit_sha: ' + 'b'.repeat(40) + '\nrig: r\ncommit_sha: ' + 'c'.repeat(40);
    const text = writeMrFields(twice, { commit: SHA });
    expect(text.match(/commit_sha/g)).toHaveLength(1);
    expect(parseMrFields(text).commit).toBe(SHA);
  });

  it('puts branch first and never source_issue last, as the Go gt matches them', () => {
    const text = writeMrFields('', { sourceIssue: 'gt-1' as BeadId, branch: 'polecat/a/gt-1' });
    expect(text.startsWith('branch: polecat/a/gt-1\n')).toBe(true);
    expect(text).toContain('source_issue: gt-1\n');
  });

  it('keeps the words of people and the lines of other tools', () => {
    const text = writeMrFields('Please be careful: this one is big.\nx-tool: 7\nbranch: b', {
      phase: 'blocked',
    });
    expect(text).toContain('Please be careful: this one is big.\nx-tool: 7');
    expect(parseMrFields(text).phase).toBe('blocked');
  });

  it('cannot be made to hold another line by a value with a newline', () => {
    const text = writeMrFields('', { branch: 'b', worker: 'nux\ntarget: evil' });
    expect(parseMrFields(text).target).toBeUndefined();
  });

  it('keeps evidence as one line of JSON', () => {
    const evidence = {
      cause: 'red',
      summary: 'gate test failed',
      at: '2026-01-01T00:00:00Z',
      tail: ['a\nb'],
    } as const;
    const text = writeMrFields('branch: b', { evidence });
    expect(text.split('\n').filter((line) => line.startsWith('evidence:'))).toHaveLength(1);
    expect(parseMrFields(text).evidence).toEqual(evidence);
  });

  it('reads back whatever it wrote, and writing nothing changes nothing', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9/@._-]{0,20}[a-z0-9]$/).filter((text) => text !== 'null');
    const fields = fc.record(
      {
        branch: word,
        target: word,
        rig: word,
        convoyId: word,
        commit: fc.constant(SHA),
        retryCount: fc.nat(999),
        phase: fc.constantFrom(...MR_PHASES),
      },
      { requiredKeys: ['branch', 'phase'] },
    );
    fc.assert(
      fc.property(fields, fc.stringMatching(/^[A-Za-z .,!\n]{0,60}$/), (patch, prose) => {
        const text = writeMrFields(prose, patch);
        expect(parseMrFields(text)).toEqual(patch);
        expect(writeMrFields(text, {})).toBe(text);
      }),
    );
  });
});
