import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSession } from '../../../src/sessions/start.ts';
import { stopSession } from '../../../src/sessions/stop.ts';
import { ROOT, TOAST, WORKTREE, makeSessionTown } from './town.ts';
import type { SessionTown } from './town.ts';

const SETTINGS = `${ROOT}/proj/polecats/.claude/settings.json`;

let town: SessionTown;
beforeEach(async () => {
  town = await makeSessionTown({
    ANTHROPIC_API_KEY: 'sk-secret',
    ANTHROPIC_BASE_URL: 'http://elsewhere',
    GT_ROLE: 'mayor/',
    GT_SESSION: 'hq-mayor',
    BEADS_DIR: '/other/.beads',
    NODE_OPTIONS: '--inspect',
    CLAUDECODE: '1',
  });
});
afterEach(() => town.close());

const start = (more: Parameters<SessionTown['request']>[0] = {}) =>
  town.clock.drive(startSession(town.ctx, town.request(more)));

describe('a session starts', () => {
  it('in tmux, with a host that knows everything and a command line that holds no secret', async () => {
    expect(await start()).toEqual({ session: TOAST, how: 'tmux' });
    const [spec] = town.tmux.starts;
    expect(spec).toMatchObject({ session: TOAST, cwd: WORKTREE, argv: town.panes.hostArgv(TOAST) });
    expect(JSON.stringify(spec)).not.toContain('sk-secret');
    expect(town.panes.started(TOAST)).toMatchObject({
      spawn: 1,
      cwd: WORKTREE,
      bead: 'pj-1',
      runtime: 'claude',
      rootEnv: { IS_SANDBOX: '1' },
      argv: [
        'claude',
        '--dangerously-skip-permissions',
        '--session-id',
        expect.any(String),
        '--settings',
        SETTINGS,
        'work on pj-1',
      ],
    });
  });

  it('P18: with the identity of its agent and nothing of who started it', async () => {
    await start();
    const { env = {} } = town.panes.started(TOAST) ?? {};
    expect(env).toMatchObject({
      GT_ROLE: 'proj/polecats/toast',
      BD_ACTOR: 'proj/polecats/toast',
      GT_RIG: 'proj',
      GT_POLECAT: 'toast',
      BEADS_AGENT_NAME: 'proj/toast',
      GIT_AUTHOR_NAME: 'toast',
      GIT_AUTHOR_EMAIL: 'proj.polecats.toast@gastown.local',
      GIT_COMMITTER_NAME: 'toast',
      GT_SESSION: TOAST,
      GT_SPAWN: '1',
      GT_TOWN_ROOT: ROOT,
      GT_TOWN_SOCKET: 'fake-town-000000',
      GIT_CEILING_DIRECTORIES: ROOT,
      GT_ISSUE: 'pj-1',
      GT_BRANCH: 'polecat/toast/pj-1@abc',
      GT_POLECAT_PATH: WORKTREE,
      ANTHROPIC_API_KEY: 'sk-secret',
      HOME: '/home/jo',
    });
    expect(env['PATH']).toBe('/bin:/usr/bin');
    for (const name of ['ANTHROPIC_BASE_URL', 'BEADS_DIR', 'NODE_OPTIONS', 'CLAUDECODE'])
      expect(env).not.toHaveProperty(name);
  });

  it('P26: a script gets no key of a model', async () => {
    await start({ runtime: town.runtime('script') });
    expect(town.panes.started(TOAST)?.env).not.toHaveProperty('ANTHROPIC_API_KEY');
  });

  it('P17: with trust for the rig’s repository, and the person’s other settings as they were', async () => {
    await town.files.writeAtomic('/home/jo/.claude.json', '{"theme":"dark","projects":{"/mine":{"x":1}}}', {
      mode: 0o644,
    });
    await start();
    expect(await town.json('/home/jo/.claude.json')).toEqual({
      theme: 'dark',
      projects: { '/mine': { x: 1 }, [`${ROOT}/proj/.repo.git`]: { hasTrustDialogAccepted: true } },
    });
    expect((await town.files.stat('/home/jo/.claude.json'))?.mode).toBe(0o644);
  });

  it('P17: trust goes where the agent’s own configuration lies', async () => {
    await start({ env: { CLAUDE_CONFIG_DIR: '/accounts/work' } });
    expect(await town.json('/accounts/work/.claude.json')).toHaveProperty('projects');
    expect(await town.files.stat('/home/jo/.claude.json')).toBeUndefined();
  });

  it('a damaged file of the person is left as it is, and the session starts', async () => {
    await town.files.writeAtomic('/home/jo/.claude.json', '{"theme":');
    expect(await start()).toMatchObject({ how: 'tmux' });
    expect(await town.files.readText('/home/jo/.claude.json')).toBe('{"theme":');
  });

  it('P29: its hook settings lie in the role’s folder, readable by nobody else; the worktree has commands only', async () => {
    await start();
    expect((await town.files.stat(SETTINGS))?.mode).toBe(0o600);
    const entries = (await town.files.list(WORKTREE)) ?? [];
    expect(entries.map(({ name }) => name)).toEqual(['.claude']);
    expect((await town.files.list(`${WORKTREE}/.claude`))?.map(({ name }) => name)).toEqual(['commands']);
  });

  it('P29: has the slash commands of gt where git shows nothing of them; the project’s own stay', async () => {
    const folder = `${WORKTREE}/.claude/commands`;
    await town.files.writeAtomic(`${folder}/review.md`, 'our own review');
    await start();
    expect(await town.files.readText(`${folder}/done.md`)).toContain('`gt done`');
    expect(await town.files.readText(`${folder}/handoff.md`)).toContain('gt handoff -m');
    expect(await town.files.readText(`${folder}/review.md`)).toBe('our own review');
  });

  it('P29: writes none where the project shares its .claude folder: git would show them', async () => {
    await town.files.writeAtomic(`${WORKTREE}/.gitignore`, '.claude/*\n!.claude/commands/\n');
    await start();
    expect(await town.files.list(`${WORKTREE}/.claude`)).toBeUndefined();
  });

  it('without tmux the same host runs by itself', async () => {
    town.tmux.setVersion(undefined);
    expect(await start()).toEqual({ session: TOAST, how: 'detached' });
    expect(await town.panes.observe(TOAST)).toMatchObject({ kind: 'live', state: { spawn: 1 } });
    expect(town.tmux.starts).toEqual([]);
  });
});

describe('a session starts once', () => {
  it('D10: the same number again changes nothing, also when it is over', async () => {
    await start();
    expect(await start()).toEqual({ session: TOAST, how: 'already' });
    town.panes.exit(TOAST, { code: 1 });
    expect(await start()).toEqual({ session: TOAST, how: 'already' });
    expect(town.tmux.starts).toHaveLength(1);
  });

  it('D10: an older number never replaces a newer one', async () => {
    await start({ spawn: 5 });
    await expect(start({ spawn: 4 })).rejects.toMatchObject({ code: 'session.superseded' });
    expect(town.panes.started(TOAST)?.spawn).toBe(5);
  });

  it('D10: the next number ends what still runs and takes its place', async () => {
    await start();
    const before = await town.panes.observe(TOAST);
    expect(await start({ spawn: 2 })).toMatchObject({ how: 'tmux' });
    const after = await town.panes.observe(TOAST);
    expect(after).toMatchObject({ kind: 'live', state: { spawn: 2 } });
    if (before.kind === 'live') expect(await town.processes.isAlive(before.state.host)).toBe(false);
  });

  it('P15: of two who start it at the same time, one does', async () => {
    const other = { ...town.ctx, ports: { ...town.ctx.ports, locks: town.locks.asProcess(4242) } };
    const both = Promise.all([startSession(town.ctx, town.request()), startSession(other, town.request())]);
    const outcomes = (await town.clock.drive(both)).map(({ how }) => how);
    expect([...outcomes].sort()).toEqual(['already', 'tmux']);
    expect(town.tmux.starts).toHaveLength(1);
  });

  it('P1: one that cannot be looked at is not started over', async () => {
    await start();
    town.panes.breakState(TOAST, 'permission denied');
    await expect(start({ spawn: 2 })).rejects.toMatchObject({ code: 'session.unreadable' });
    expect(town.tmux.starts).toHaveLength(1);
  });

  it('one whose host never shows itself is an error, not a success', async () => {
    const { processes } = town;
    const tmux = { ...town.tmux, start: async () => void processes.spawn({ argv: ['sh'] }) };
    const ctx = { ...town.ctx, ports: { ...town.ctx.ports, tmux } };
    await expect(town.clock.drive(startSession(ctx, town.request()))).rejects.toMatchObject({
      code: 'session.not-started',
    });
  });
});

describe('a session stops', () => {
  it('and its dead pane goes with it', async () => {
    await start();
    expect(await town.clock.drive(stopSession(town.ctx, TOAST, { waitMs: 10_000 }))).toBe(true);
    expect(await town.panes.observe(TOAST)).toMatchObject({ kind: 'exited' });
    expect(await town.tmux.sessions()).toEqual([]);
  });

  it('is done when there is none', async () => {
    expect(await town.clock.drive(stopSession(town.ctx, TOAST, { waitMs: 10_000 }))).toBe(true);
  });

  it('P10: what an agent left behind whose host was killed is ended too', async () => {
    await start();
    const seen = await town.panes.observe(TOAST);
    const group = seen.kind === 'live' ? (seen.state.child?.pid ?? 0) : 0;
    const orphan = town.processes.spawn({ argv: ['server'], group });
    town.panes.killHost(TOAST);
    expect(await town.clock.drive(stopSession(town.ctx, TOAST, { waitMs: 10_000 }))).toBe(true);
    expect(await town.processes.isAlive(orphan)).toBe(false);
  });
});
