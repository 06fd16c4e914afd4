import { beforeEach, expect, it } from 'vitest';
import type { Ipc } from '../../src/ports/ipc.ts';

export interface IpcUnderTest {
  readonly ipc: Ipc;
  /** A path in a folder that is not there yet. */
  readonly path: string;
  readonly drive: <T>(work: Promise<T>) => Promise<T>;
}

/** What every Ipc promises; run on each implementation. */
export function ipcContract(setUp: () => IpcUnderTest): void {
  let under: IpcUnderTest;
  beforeEach(() => {
    under = setUp();
  });
  const ask = (message: unknown, timeoutMs = 2000): Promise<unknown> =>
    under.drive(under.ipc.request(under.path, message, timeoutMs));

  it('carries a request there and the answer back', async () => {
    await using _server = await under.ipc.serve(under.path, async (message) => ({ got: message }));
    expect(await ask({ op: 'wake', text: 'line one\nline two é' })).toEqual({
      got: { op: 'wake', text: 'line one\nline two é' },
    });
  });

  it('answers several at a time, each its own', async () => {
    await using _server = await under.ipc.serve(under.path, async (message) => message);
    expect(await Promise.all([1, 2, 3, 4, 5].map((n) => ask({ n })))).toEqual(
      [1, 2, 3, 4, 5].map((n) => ({ n })),
    );
  });

  it('says that nobody listens', async () => {
    await expect(ask({})).rejects.toMatchObject({ code: 'ipc.no-answer' });
  });

  it('says so too when the listener has gone', async () => {
    const server = await under.ipc.serve(under.path, async () => 'hi');
    await server[Symbol.asyncDispose]();
    await expect(ask({})).rejects.toMatchObject({ code: 'ipc.no-answer' });
  });

  it('does not wait longer than it was told', async () => {
    await using _server = await under.ipc.serve(under.path, () => new Promise(() => undefined));
    await expect(ask({}, 50)).rejects.toMatchObject({
      code: 'ipc.no-answer',
      message: expect.stringContaining('50 ms'),
    });
  });

  it('refuses a path on which somebody listens, and leaves him alone', async () => {
    await using _server = await under.ipc.serve(under.path, async () => 'first');
    await expect(under.ipc.serve(under.path, async () => 'second')).rejects.toMatchObject({
      code: 'ipc.in-use',
    });
    expect(await ask({})).toBe('first');
  });

  it('can be listened on again after the listener has closed', async () => {
    await (await under.ipc.serve(under.path, async () => 'first'))[Symbol.asyncDispose]();
    await using _server = await under.ipc.serve(under.path, async () => 'second');
    expect(await ask({})).toBe('second');
  });

  it('tells the caller what went wrong in the answer', async () => {
    await using _server = await under.ipc.serve(under.path, async () => {
      throw new Error('no such agent');
    });
    expect(await ask({})).toEqual({ ok: false, error: 'no such agent' });
  });
}
