import { describe, expect, it } from 'vitest';
import { pathWithGt } from '../../../src/sessions/agent-env.ts';
import { envFingerprint, gateEnv } from '../../../src/refinery/gate-env.ts';
import { newLane, laneMetadata, parseLane } from '../../../src/refinery/lane.ts';
import { resolveSettings } from '../../../src/refinery/settings.ts';
import { rigSettingsOf } from '../../../src/rig/settings.ts';
import { shaOf } from './requests.ts';

const COMMITTER = { name: 'proj/refinery', email: 'r@x' };

function resolve(queue: Readonly<Record<string, unknown>>, floor: Readonly<Record<string, unknown>> = {}) {
  const layers = [
    { path: 'rig.json', doc: { merge_queue: queue } },
    { path: 'repo.json', doc: { merge_queue: floor } },
  ];
  return resolveSettings(rigSettingsOf(layers), COMMITTER);
}

describe('the settings of a merge queue', () => {
  it('without any: on, direct, squash, no gates, one slot', () => {
    expect(resolve({})).toMatchObject({
      enabled: true,
      strategy: 'direct',
      method: 'squash',
      autoPush: true,
      gates: [],
      setup: undefined,
      slots: 1,
      maxBatch: 32,
      warnings: [],
    });
  });

  it('commands become gates of their names, in the order they run; empty means none', () => {
    const { gates, setup } = resolve({
      test_command: 'npm test',
      build_command: ' ',
      lint_command: 'npm run lint',
      setup_command: 'npm ci',
    });
    expect(gates.map((gate) => `${gate.name}: ${gate.command}`)).toEqual([
      'lint: npm run lint',
      'test: npm test',
    ]);
    expect(setup?.command).toBe('npm ci');
  });

  it('P32: every gate knows which file says so, and the rig’s own wins over the repository’s', () => {
    const { gates } = resolve({ test_command: 'mine' }, { test_command: 'theirs', lint_command: 'lint' });
    expect(gates.map(({ command, source }) => [command, source])).toEqual([
      ['lint', 'repo.json'],
      ['mine', 'rig.json'],
    ]);
  });

  it('run_tests false leaves out the test gate only', () => {
    const { gates } = resolve({ test_command: 't', lint_command: 'l', run_tests: false });
    expect(gates.map((gate) => gate.name)).toEqual(['lint']);
  });

  it('a map of gates replaces the commands; durations are text or nanoseconds', () => {
    const { gates } = resolve({
      test_command: 'ignored',
      gates: {
        unit: { cmd: 'make unit', timeout: '90s' },
        docs: { cmd: 'make docs', timeout: 2e9, phase: 'post-squash', cache: 'commit' },
      },
    });
    expect(gates).toMatchObject([
      { name: 'unit', command: 'make unit', timeoutMs: 90_000, phase: 'pre-merge', cache: 'tree' },
      { name: 'docs', timeoutMs: 2000, phase: 'post-squash', cache: 'commit' },
    ]);
  });

  it.each([
    ['an empty command', { a: { cmd: ' ' } }],
    ['no command', { a: {} }],
    ['a timeout that is none', { a: { cmd: 'x', timeout: 'soon' } }],
    ['a timeout of nothing', { a: { cmd: 'x', timeout: 0 } }],
    ['a name that could be a path', { '../a': { cmd: 'x' } }],
    ['something else', { a: 'make' }],
  ])('P8: a gate with %s stops the queue, it is never a pass', (_, gates) => {
    expect(() => resolve({ gates })).toThrow(/^rig\.json: gate /);
  });
});

describe('what a gate sees', () => {
  const subject = { tree: shaOf(3), mrs: ['pj-1', 'pj-2'] };

  it('P26: tool chains, the candidate, and no key or variable of ours', () => {
    const env = {
      PATH: '/bin',
      HOME: '/home/x',
      ANTHROPIC_API_KEY: 'secret',
      SSH_AUTH_SOCK: '/run/agent',
      GT_ROLE: 'mayor',
      BD_ACTOR: 'me',
      GIT_DIR: '/elsewhere',
      AWS_SECRET_ACCESS_KEY: 'secret',
    };
    expect(gateEnv({ env, gtArgv: ['/opt/gt'] }, subject)).toEqual({
      PATH: pathWithGt(['/opt/gt'], '/bin'),
      HOME: '/home/x',
      CI: 'true',
      GT_MQ_TREE: shaOf(3),
      GT_MQ_MRS: 'pj-1,pj-2',
    });
  });

  it('another PATH is another tool chain, another session is not', () => {
    const printOf = (env: Record<string, string>) => envFingerprint({ env, gtArgv: ['/opt/gt'] });
    const print = printOf({ PATH: '/bin', TMPDIR: '/a' });
    expect(printOf({ PATH: pathWithGt(['/opt/gt'], '/bin'), TMPDIR: '/b', GT_SESSION: 'x' })).toBe(print);
    expect(printOf({ PATH: '/usr/bin' })).not.toBe(print);
  });
});

describe('the lane record', () => {
  it('reads back what it wrote, and null as unset', () => {
    const lane = { ...newLane('main', 'R1'), base: shaOf(1), intent: undefined };
    const metadata = laneMetadata(lane);
    expect(metadata['intent']).toBeNull();
    expect(parseLane(JSON.parse(JSON.stringify(metadata)))).toEqual({ ...lane });
  });

  it('anything else is no lane', () => {
    expect(parseLane({})).toBeUndefined();
    expect(parseLane({ rev: 'R', target: 'main', base: 'not a commit' })).toBeUndefined();
  });
});
