import { beforeEach, expect, it } from 'vitest';
import type { SessionName } from '../../src/core/names.ts';
import type { Tmux, TmuxSession, TmuxStart } from '../../src/ports/tmux.ts';

export interface TmuxUnderTest {
  readonly tmux: Tmux;
  readonly cwd: string;
  /** Ends the process in the session's pane. */
  readonly endPane: (session: TmuxSession) => Promise<void>;
  /** A person's own session on the town's server. */
  readonly addForeign: (name: string) => Promise<void>;
}

const TOAST = 'pj-toast' as SessionName;
const TOAST_2 = 'pj-toast-2' as SessionName;

/** What every Tmux promises; run on each implementation. */
export function tmuxContract(setUp: () => TmuxUnderTest): void {
  let under: TmuxUnderTest;
  beforeEach(() => {
    under = setUp();
  });
  const start = (session: SessionName, more: Partial<TmuxStart> = {}): Promise<void> =>
    under.tmux.start({
      session,
      cwd: under.cwd,
      argv: ['sleep', '1000'],
      env: { GT_SESSION: session },
      look: { address: 'pj/polecats/x', label: session },
      ...more,
    });
  const find = async (session: SessionName): Promise<TmuxSession | undefined> =>
    (await under.tmux.sessions()).find(({ name }) => name === session);
  const dead = async (session: SessionName): Promise<TmuxSession> => {
    const found = await find(session);
    if (found === undefined) throw new Error(`no session ${session}`);
    await under.endPane(found);
    return found;
  };

  it('has no sessions before the first', async () => {
    expect(await under.tmux.sessions()).toEqual([]);
    expect(await under.tmux.socketPath()).toBeUndefined();
  });

  it('lists what was started, by name', async () => {
    await start(TOAST_2);
    await start(TOAST);
    expect((await under.tmux.sessions()).map(({ name }) => name)).toEqual([TOAST, TOAST_2]);
    expect(await find(TOAST)).toMatchObject({ attached: 0, paneDead: false, panePid: expect.any(Number) });
  });

  it('keeps the pane of a process that has ended', async () => {
    await start(TOAST);
    await dead(TOAST);
    expect(await find(TOAST)).toMatchObject({ paneDead: true });
  });

  it('starts again in the same session', async () => {
    await start(TOAST);
    const before = await dead(TOAST);
    await start(TOAST);
    const after = await find(TOAST);
    expect(after).toMatchObject({ paneDead: false, created: before.created });
    expect(after?.panePid).not.toBe(before.panePid);
  });

  it('ends one session and none whose name only begins alike', async () => {
    await start(TOAST);
    await start(TOAST_2);
    await under.tmux.kill(TOAST);
    expect((await under.tmux.sessions()).map(({ name }) => name)).toEqual([TOAST_2]);
  });

  it('ending what is not there is fine', async () => {
    await under.tmux.kill(TOAST);
    await start(TOAST_2);
    await under.tmux.kill(TOAST);
    expect(await find(TOAST_2)).toBeDefined();
  });

  it('P19: leaves a person’s own session alone', async () => {
    await start(TOAST);
    await under.addForeign('mine');
    await under.tmux.kill(TOAST);
    await under.tmux.kill('mine' as SessionName);
    await under.tmux.stopServer();
    expect((await under.tmux.sessions()).map(({ name }) => name)).toEqual(['mine']);
  });

  it('refuses a command that tmux would cut', async () => {
    await expect(start(TOAST, { env: { BIG: 'x'.repeat(20_000) } })).rejects.toMatchObject({
      code: 'bug.tmux-command-too-long',
    });
    expect(await under.tmux.sessions()).toEqual([]);
  });
}
