import { describe, expect, it } from 'vitest';
import type { DoltAnswer } from '../../../src/ports/dolt-probe.ts';
import { judgeDolt } from '../../../src/town/dolt-identity.ts';
import type { DoltEvidence, PortHolder } from '../../../src/town/dolt-identity.ts';

const OURS = '/t/.dolt-data';
const child = { pid: 7, start: '1' };
const holderIn = (cwd: string | undefined): PortHolder => ({ kind: 'process', identity: child, cwd });
const says = (dataDir: string, databases: readonly string[] = ['hq']): DoltAnswer => ({
  kind: 'dolt',
  facts: { dataDir, databases },
});
const silent: DoltAnswer = { kind: 'silent', why: 'refused' };
const foreign: DoltAnswer = { kind: 'foreign', why: 'no greeting' };

function verdict(evidence: Partial<DoltEvidence>): string {
  return judgeDolt({ dataDir: OURS, onDisk: ['hq'], holder: holderIn(OURS), answer: says(OURS), ...evidence })
    .kind;
}

describe('P4: whose server holds the port', () => {
  it.each<[string, string, Partial<DoltEvidence>]>([
    ['ours', 'both facts hold', {}],
    ['ours', 'it serves databases that we do not see on disk yet', { answer: says(OURS, ['hq', 'new']) }],
    ['ours', 'one that the Go gt started serves just what is on disk', { answer: says('', ['hq']) }],
    ['squatter', 'one that the Go gt started serves something else', { answer: says('', ['hq', 'x']) }],
    ['squatter', 'its folder is right, its data is not', { answer: says('/other/.dolt-data') }],
    ['squatter', 'its word is right, its folder is not', { holder: holderIn('/other/.dolt-data') }],
    ['squatter', 'its folder is a path that only begins like ours', { holder: holderIn(`${OURS}-old`) }],
    ['squatter', 'its folder was deleted', { holder: holderIn(undefined) }],
    ['squatter', 'it is of another user', { holder: { kind: 'hidden' } }],
    ['squatter', 'it speaks no SQL and runs elsewhere', { holder: holderIn('/'), answer: foreign }],
    ['mute', 'it runs in our folder and speaks no SQL', { answer: foreign }],
    ['mute', 'it runs in our folder and accepts nothing', { answer: silent }],
    ['nobody', 'nobody listens', { holder: { kind: 'nobody' }, answer: silent }],
    ['nobody', 'it answered and ended since', { holder: { kind: 'nobody' } }],
  ])('%s: %s', (kind, _why, evidence) => {
    expect(verdict(evidence)).toBe(kind);
  });
});
