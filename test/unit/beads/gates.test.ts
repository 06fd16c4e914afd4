import { describe, expect, test } from 'vitest';
import { matchRun } from '../../../src/beads/gates/discover.ts';
import { createGitHub, type WorkflowRun } from '../../../src/beads/gates/github.ts';
import { judgePullRequest, judgeRun } from '../../../src/beads/gates/verdict.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createFakeProcesses, type ProgramEnd } from '../../fakes/processes.ts';

describe('what gh says of a run', () => {
  test.each([
    ['completed', 'success', 'passed'],
    ['completed', 'skipped', 'passed'],
    ['completed', 'failure', 'failed'],
    ['completed', 'cancelled', 'failed'],
    ['completed', null, 'failed'],
    ['in_progress', null, 'waiting'],
    ['queued', '', 'waiting'],
  ])('%s %s is %s', (status, conclusion, kind) => {
    expect(judgeRun({ status, conclusion, name: 'ci' })).toMatchObject({ kind });
  });

  test.each(['MERGED passed', 'CLOSED failed', 'OPEN waiting'])('a pull request: %s', (words) => {
    const [state = '', kind = ''] = words.split(' ');
    expect(judgePullRequest({ state, title: 't' })).toMatchObject({ kind });
  });

  test('an answer that is none opens nothing', () => {
    expect(judgeRun({})).toMatchObject({ kind: 'unknown' });
    expect(judgePullRequest([])).toMatchObject({ kind: 'unknown' });
  });
});

describe('asking gh', () => {
  function github(end?: ProgramEnd) {
    const processes = createFakeProcesses({ clock: createFakeClock() });
    if (end !== undefined) processes.program('gh', () => end);
    return { hub: createGitHub({ processes, env: {}, cwd: '/p' }), processes };
  }

  test('is one process without a shell', async () => {
    const { hub, processes } = github({ code: 0, stdout: '{"state":"MERGED"}' });
    await hub.view('pr', '42; rm -rf /');
    expect(processes.calls).toEqual([['gh', 'pr', 'view', '42; rm -rf /', '--json', 'state,title']]);
  });

  test.each([
    ['is not installed', undefined, 'gate.gh-missing'],
    ['fails', { code: 1, stderr: 'no auth' }, 'gate.gh-failed'],
    ['answers no JSON', { code: 0, stdout: 'hello' }, 'gate.gh-failed'],
  ] as const)('that %s is an error and never an answer', async (_, end, code) => {
    await expect(github(end).hub.view('run', '1')).rejects.toMatchObject({ code });
  });

  test('a text that gh would read as a flag is not passed on', async () => {
    const { hub, processes } = github({ code: 0, stdout: '{}' });
    await expect(hub.view('run', '--repo=evil/x')).rejects.toMatchObject({ code: 'gate.bad-await-id' });
    expect(processes.calls).toEqual([]);
  });
});

describe('the run that a gate means', () => {
  const NOW = Date.parse('2026-03-01T12:00:00Z');
  const gate = (awaitId: string) => ({ awaitId, createdAt: '2026-03-01T11:58:00Z' }) as Bead;
  const run = (id: string, fields: Partial<WorkflowRun> = {}): WorkflowRun => ({
    id,
    workflow: 'CI',
    name: 'ci.yml',
    branch: 'main',
    sha: 'aaa',
    status: 'completed',
    createdAt: NOW - 3 * 60_000,
    ...fields,
  });
  const search = { checkout: { branch: 'main', sha: 'bbb' }, now: NOW, maxAgeMs: 30 * 60_000 };

  test('is the one of the commit, before one of the branch', () => {
    expect(matchRun(gate(''), [run('1'), run('2', { sha: 'bbb' })], search)?.id).toBe('2');
  });

  test.each(['ci', 'CI', 'ci.yml', 'ci.yaml'])('is only one of the workflow when %s is named', (name) => {
    const runs = [run('1', { workflow: 'Docs', name: 'docs.yml', sha: 'bbb' }), run('2', { branch: 'x' })];
    expect(matchRun(gate(name), runs, search)?.id).toBe('2');
  });

  test('is none when nothing speaks for it, or all are too old', () => {
    const far = { branch: 'x', createdAt: NOW - 29 * 60_000 };
    expect(matchRun(gate(''), [run('1', far)], search)).toBeUndefined();
    expect(matchRun(gate('ci'), [run('1', { createdAt: NOW - 31 * 60_000 })], search)).toBeUndefined();
  });
});
