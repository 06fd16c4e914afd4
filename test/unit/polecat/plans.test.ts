import { describe, expect, test } from 'vitest';
import type { AgentRow } from '../../../src/beads/forms/agent-row.ts';
import type { MergeRequest } from '../../../src/beads/forms/merge-request.ts';
import { NO_TERMS } from '../../../src/beads/forms/sling-context.ts';
import type { Bead } from '../../../src/beads/types.ts';
import { parseSha } from '../../../src/core/names.ts';
import { decideStop } from '../../../src/hooks/signal-stop.ts';
import type { DoneSubject } from '../../../src/polecat/done/facts.ts';
import { sortLeftovers } from '../../../src/polecat/done/leftovers.ts';
import { planDone } from '../../../src/polecat/done/plan.ts';
import type { DonePlan } from '../../../src/polecat/done/plan.ts';
import type { DoneIntent, DoneRequest } from '../../../src/polecat/done/request.ts';
import type { DoneWork } from '../../../src/polecat/done/work.ts';
import { rigSettingsOf } from '../../../src/rig/settings.ts';
import { planNuke } from '../../../src/polecat/nuke/plan.ts';
import type { NukeFacts, NukeWish } from '../../../src/polecat/nuke/plan.ts';
import { planScript } from '../../../src/polecat/script/plan.ts';
import { mayOrderScript } from '../../../src/polecat/script/rights.ts';
import { mergeTerms } from '../../../src/polecat/sling/options.ts';

const base = parseSha('a'.repeat(40));
const head = parseSha('b'.repeat(40));

const bead = {
  id: 'gt-a',
  status: 'in_progress',
  acceptanceCriteria: '',
  description: '',
  metadata: {},
} as unknown as Bead;
const clean = {
  head,
  branch: 'polecat/nux/gt-a@1',
  changed: [],
  untracked: [],
  stashes: 0,
  operation: undefined,
};

const bare: DoneSubject = {
  bead,
  rig: { name: 'proj', defaultBranch: 'main' },
  settings: rigSettingsOf([]),
  hold: 'held',
  mr: undefined,
  evicted: undefined,
  conflict: undefined,
  terms: NO_TERMS,
  strategy: 'mr',
  intent: undefined,
  row: {} as AgentRow,
} as unknown as DoneSubject;

function plan(
  request: Partial<DoneRequest>,
  work: Partial<DoneWork> = {},
  subject: Partial<DoneSubject> = {},
): DonePlan {
  const status = work.status ?? clean;
  return planDone(
    { ...bare, ...subject },
    {
      worktree: '/w',
      isGone: false,
      branch: 'polecat/nux/gt-a@1',
      target: 'main',
      base,
      head,
      status,
      leftovers: sortLeftovers(status),
      ahead: 1,
      behind: 0,
      pushHeads: undefined,
      ...work,
    },
    { agent: { role: 'overseer' }, status: 'COMPLETED', ...request },
  );
}

function planned(...args: Parameters<typeof plan>): readonly string[] | string {
  const made = plan(...args);
  return made.ok ? [...made.steps, made.exit.do] : made.error.code;
}

const dirty = { ...clean, untracked: ['new.md'] };
const why = 'because of the plan';
const landing = (commit: string): DoneIntent => ({
  status: 'COMPLETED',
  issue: 'gt-a',
  spawn: 1,
  landing: { target: 'main', commit },
});

describe('exits of done (spec 11 G)', () => {
  test.each<
    readonly [
      string,
      Partial<DoneRequest>,
      Partial<DoneWork>,
      Partial<DoneSubject>,
      readonly string[] | string,
    ]
  >([
    ['commits', {}, {}, {}, ['push', 'submit']],
    ['commits and leftovers', {}, { status: dirty }, {}, ['commit', 'push', 'submit']],
    ['leftovers alone', {}, { status: dirty, ahead: 0 }, {}, ['commit', 'push', 'submit']],
    [
      'only files of gt',
      {},
      { status: { ...clean, untracked: ['.beads/x', '.claude/y'] }, ahead: 0 },
      {},
      'done.no-commits',
    ],
    ['nothing', {}, { ahead: 0 }, {}, 'done.no-commits'],
    ['nothing, nine letters', { reason: '123456789' }, { ahead: 0 }, {}, 'done.no-commits'],
    ['nothing, blanks', { reason: ' '.repeat(20) }, { ahead: 0 }, {}, 'done.no-commits'],
    ['nothing with a reason', { reason: why }, { ahead: 0 }, {}, ['close']],
    ['no-merge', {}, {}, { terms: { ...NO_TERMS, noMerge: true } }, ['push', 'close-unmerged']],
    ['review-only', {}, {}, { terms: { ...NO_TERMS, reviewOnly: true } }, ['push', 'close-unmerged']],
    [
      'review-only, in words alone',
      {},
      { ahead: 0 },
      { terms: { ...NO_TERMS, reviewOnly: true } },
      ['close-unmerged'],
    ],
    ['local', {}, {}, { strategy: 'local' }, ['close-unmerged']],
    ['local with nothing', {}, { ahead: 0 }, { strategy: 'local' }, 'done.no-commits'],
    [
      'local, deferred',
      { status: 'DEFERRED', reason: why },
      { status: dirty },
      { strategy: 'local' },
      ['commit', 'defer'],
    ],
    ['direct', {}, { status: dirty }, { strategy: 'direct' }, ['commit', 'land', 'close-landed']],
    ['direct, deferred', { status: 'DEFERRED', reason: why }, {}, { strategy: 'direct' }, ['push', 'defer']],
    [
      'direct, pushed before it died',
      {},
      { ahead: 0 },
      { strategy: 'direct', intent: landing(head) },
      ['close-landed'],
    ],
    [
      'direct, another commit was pushed',
      {},
      { ahead: 0 },
      { strategy: 'direct', intent: landing(base) },
      'done.no-commits',
    ],
    [
      'direct, died before the push',
      {},
      {},
      { strategy: 'direct', intent: landing(head) },
      ['land', 'close-landed'],
    ],
    ['queued, with a foreign intent to land', {}, { ahead: 0 }, { intent: landing(head) }, 'done.no-commits'],
    [
      'caches of tools',
      {},
      {
        status: { ...clean, untracked: ['a/node_modules/b/c.js', 'x/__pycache__/y.pyc', '.venv/z'] },
        ahead: 0,
      },
      {},
      'done.no-commits',
    ],
    [
      'a tracked file in such a folder',
      {},
      { status: { ...clean, changed: ['node_modules/a.js'] }, ahead: 0 },
      {},
      ['commit', 'push', 'submit'],
    ],
    ['a conflict task', {}, {}, { conflict: { mr: {} as MergeRequest } }, ['push', 'repin']],
    ['escalated', { status: 'ESCALATED', reason: why }, {}, {}, ['push', 'escalate']],
    [
      'escalated with leftovers',
      { status: 'ESCALATED', reason: why },
      { status: dirty },
      {},
      ['commit', 'push', 'escalate'],
    ],
    ['escalated with nothing', { status: 'ESCALATED', reason: why }, { ahead: 0 }, {}, ['escalate']],
    [
      'escalated in a rebase',
      { status: 'ESCALATED', reason: why },
      { status: { ...clean, operation: 'rebase' } },
      {},
      ['rescue', 'escalate'],
    ],
    [
      'escalated with a stash',
      { status: 'ESCALATED', reason: why },
      { status: { ...clean, stashes: 1 } },
      {},
      ['rescue', 'push', 'escalate'],
    ],
    ['escalated without a reason', { status: 'ESCALATED' }, {}, {}, 'done.no-reason'],
    ['deferred', { status: 'DEFERRED', reason: why }, {}, {}, ['push', 'defer']],
    ['deferred without a reason', { status: 'DEFERRED', reason: ' ' }, {}, {}, 'done.no-reason'],
    ['deferred in a word', { status: 'DEFERRED', reason: 'blocked' }, {}, {}, ['push', 'defer']],
    ['a rebase under way', {}, { status: { ...clean, operation: 'rebase' } }, {}, 'done.operation'],
    ['on the target branch', {}, { status: { ...clean, branch: 'main' } }, {}, 'done.on-target'],
    [
      'on the default branch',
      {},
      { status: { ...clean, branch: 'main' }, target: 'integration/x' },
      {},
      'done.on-target',
    ],
    ['a stash', {}, { status: { ...clean, stashes: 1 } }, {}, 'done.stash'],
    ['two hundred commits behind', {}, { behind: 200 }, {}, ['push', 'submit']],
    ['further behind', {}, { behind: 201 }, {}, 'done.far-behind'],
    ['sent back and unchanged', {}, {}, { evicted: { commit: head } as MergeRequest }, 'done.unchanged'],
    ['sent back and changed', {}, {}, { evicted: { commit: base } as MergeRequest }, ['push', 'submit']],
    [
      'sent back, leftovers',
      {},
      { status: dirty },
      { evicted: { commit: head } as MergeRequest },
      ['commit', 'push', 'submit'],
    ],
  ])('%s', (_what, ...[request, work, subject, expected]) => {
    expect(planned(request, work, subject)).toEqual(expected);
  });

  test('fifty commits behind is worth a warning', () => {
    expect(plan({}, { behind: 51 })).toMatchObject({
      ok: true,
      warnings: ['your branch is 51 commits behind main'],
    });
  });

  test('a change in a file that is never handed in is said', () => {
    const status = { ...clean, changed: ['.claude/settings.json'] };
    expect(plan({}, { status })).toMatchObject({
      warnings: ['.claude/settings.json was changed and is not part of what is handed in'],
    });
  });

  test('a rig that lands by pull request says that the merge request waits', () => {
    const settings = rigSettingsOf([{ path: 'x', doc: { merge_queue: { merge_strategy: 'pr' } } }]);
    expect(plan({}, {}, { settings })).toMatchObject({
      exit: { do: 'submit' },
      warnings: [expect.stringContaining('pull request')],
    });
  });
});

const tidy = {
  kind: 'readable',
  branch: undefined,
  head: parseSha(head),
  changes: [],
  stashes: 0,
  operation: undefined,
  headSafe: true,
  unpushed: 0,
} as const;
const idle: NukeFacts = {
  rig: 'proj',
  name: 'nux',
  hasRow: true,
  hasFolder: true,
  sessionUp: false,
  isFlat: false,
  held: [],
  submitted: [],
  worktree: tidy,
  branches: ['polecat/nux/gt-a@1'],
};
const nuke = (
  facts: Partial<NukeFacts>,
  force = false,
  what: NukeWish['what'] = 'nuke',
): readonly string[] | string => {
  const plan = planNuke({ ...idle, ...facts }, { force, what });
  return plan.ok ? plan.steps.map((step) => step.do) : plan.error.code;
};

describe('P2: nuke', () => {
  const all = ['rescue', 'release', 'remove-worktree', 'remove-branches', 'remove-folder'];

  test.each<readonly [string, Partial<NukeFacts>, string]>([
    ['holds work', { held: [{ id: 'gt-a' } as never] }, 'nuke.holds-work'],
    ['has a session', { sessionUp: true }, 'nuke.session-up'],
    ['has changes', { worktree: { ...tidy, changes: ['a.md'] } }, 'nuke.dirty'],
    ['has a stash', { worktree: { ...tidy, stashes: 1 } }, 'nuke.dirty'],
    ['is in a rebase', { worktree: { ...tidy, operation: 'rebase' } }, 'nuke.dirty'],
    ['cannot be read', { worktree: { kind: 'unreadable', why: 'x' } }, 'nuke.unreadable'],
    ['has commits nowhere else', { worktree: { ...tidy, headSafe: false } }, 'nuke.unpushed'],
  ])('refuses one that %s; force rescues and goes on', (_what, facts, code) => {
    expect(nuke(facts)).toBe(code);
    expect(nuke(facts, true)).toEqual(facts.sessionUp === true ? ['stop-session', ...all] : all);
  });

  test('refuses one that has handed in work, whatever is forced, naming the merge request', () => {
    const submitted = [{ bead: 'gt-a', mr: 'gt-wisp-1', phase: 'queued' }];
    expect(nuke({ submitted })).toBe('nuke.submitted');
    expect(nuke({ submitted }, true)).toBe('nuke.submitted');
  });

  test('rescues first, and changes the rows before the files', () => {
    expect(nuke({})).toEqual(all);
  });

  test('leaves the branches where only the worktree is to go', () => {
    expect(nuke({}, false, 'remove')).toEqual(all.filter((step) => step !== 'remove-branches'));
  });

  test('of the first layout has no folder around the worktree', () => {
    expect(nuke({ isFlat: true })).not.toContain('remove-folder');
  });

  test('of one that is nearly gone does what is left', () => {
    expect(nuke({ hasFolder: false, branches: [] })).toEqual(['release']);
    expect(nuke({ hasRow: false, branches: [] })).toEqual(['rescue', 'remove-worktree', 'remove-folder']);
  });
});

describe('a script', () => {
  const file = { dispatch: 'D', bead: 'gt-a', branch: 'b', start: base };
  const order = { cmd: 'make', by: 'overseer', at: '' };
  const commit = (sha: string, parent: string, message: string) =>
    ({ sha, tree: base, parents: [parent], author: {}, committer: {}, message }) as never;
  const facts = {
    order,
    status: { ...clean, head: base },
    head: commit(base, 'x', 'base'),
    file,
    bead: 'gt-a',
  };

  test('runs in a fresh worktree', () => {
    expect(planScript(facts)).toMatchObject({ do: 'run', clean: false });
  });

  test('runs on a clean tree after a killed run', () => {
    expect(planScript({ ...facts, status: dirty })).toMatchObject({ do: 'run', clean: true });
    expect(planScript({ ...facts, head: commit(head, base, 'by the script itself') })).toMatchObject({
      clean: true,
    });
  });

  test('is not run again once its commit is there', () => {
    expect(planScript({ ...facts, head: commit(head, base, 'T\n\nGt-Issue: gt-a') })).toEqual({
      do: 'hand-in',
    });
    expect(planScript({ ...facts, head: commit(head, base, 'T\n\nGt-Issue: gt-ab') })).toMatchObject({
      do: 'run',
    });
  });

  test('is refused without an order, without a worktree of its own, or from another role', () => {
    expect(planScript({ ...facts, order: undefined }).do).toBe('refuse');
    expect(planScript({ ...facts, file: undefined }).do).toBe('refuse');
    expect(planScript({ ...facts, order: { ...order, by: 'proj/polecats/nux' } }).do).toBe('refuse');
  });

  test.each([
    ['overseer', true],
    ['proj/crew/max', true],
    ['mayor/', false],
    ['proj/polecats/nux', false],
    ['proj/nux', false],
    ['deacon/dogs/alpha', false],
    ['', false],
    ['$(whoami)', false],
  ])('P26: %j may order one: %s', (by, may) => {
    expect(mayOrderScript(by)).toBe(may);
  });
});

describe('the end of a turn', () => {
  const hooked = { id: 'gt-a', title: 'T', status: 'hooked', metadata: { dispatch: 'D' } } as unknown as Bead;
  const facts = { nudges: undefined, held: [], hasCommits: false, told: new Set<string>() };

  test('gives each reason once per dispatch', () => {
    const first = decideStop({ ...facts, held: [hooked] });
    expect(first.verdict.decision).toBe('block');
    const told = new Set([first.key ?? '']);
    expect(decideStop({ ...facts, held: [hooked], told }).verdict.decision).toBe('approve');
    const again = { ...hooked, metadata: { dispatch: 'E' } };
    expect(decideStop({ ...facts, held: [again], told }).verdict.decision).toBe('block');
  });
});

describe('terms of a new dispatch', () => {
  const earlier = {
    ...NO_TERMS,
    args: 'old',
    vars: { prior_branch: 'b', base_branch: 'rel' },
    noMerge: true,
  };

  const NOTHING = { queued: undefined, epicBranch: undefined, formula: undefined };

  test('are what was asked now, then the queue row', () => {
    const queued = { ...NO_TERMS, args: 'queued', agent: 'claude', convoy: 'hq-cv-1', owned: true };
    expect(mergeTerms({ args: 'now' }, { ...NOTHING, queued, bead: NO_TERMS })).toMatchObject({
      args: 'now',
      agent: 'claude',
      convoy: 'hq-cv-1',
      owned: true,
    });
  });

  test('take only the branch and the failure from a try that is over', () => {
    expect(mergeTerms({}, { ...NOTHING, bead: earlier })).toMatchObject({
      args: undefined,
      noMerge: false,
      baseBranch: undefined,
      vars: { prior_branch: 'b' },
    });
  });
});
