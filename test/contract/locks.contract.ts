import { beforeEach, expect, it } from 'vitest';
import { UnavailableError } from '../../src/core/errors.ts';
import type { Locks } from '../../src/ports/locks.ts';

export interface LocksUnderTest {
  readonly locks: Locks;
  /** The same locks as somebody else has them open. */
  readonly others: Locks;
  /** Awaits work that waits for time to pass. */
  readonly drive: <T>(work: Promise<T>) => Promise<T>;
}

const NOW = { waitMs: 0, purpose: 'gt done' };

/** What every Locks promises; run on each implementation. */
export function locksContract(setUp: () => LocksUnderTest): void {
  let { locks, others, drive }: LocksUnderTest = { locks: none, others: none, drive: (work) => work };
  beforeEach(() => {
    ({ locks, others, drive } = setUp());
  });

  it('gives a lock to one at a time, and again after its release', async () => {
    const held = await locks.acquire('config', NOW);
    await expect(drive(others.acquire('config', NOW))).rejects.toThrow(UnavailableError);
    await held.release();
    await (await drive(others.acquire('config', NOW))).release();
  });

  it('names the holder to whoever is refused', async () => {
    await using _held = await locks.acquire('pool-demo', { waitMs: 0, purpose: 'gt sling gt-1' });
    await expect(drive(others.acquire('pool-demo', NOW))).rejects.toMatchObject({
      code: 'lock.held',
      message: expect.stringMatching(/lock pool-demo is held by 'gt sling gt-1' \(pid \d+/),
    });
  });

  it('says who holds a lock, and undefined when nobody does', async () => {
    expect(await locks.holder('daemon')).toBeUndefined();
    const held = await locks.acquire('daemon', { waitMs: 0, purpose: 'gt daemon run' });
    expect(await others.holder('daemon')).toMatchObject({ purpose: 'gt daemon run' });
    expect(await locks.holder('daemon')).toMatchObject({ purpose: 'gt daemon run' });
    await held.release();
    expect(await others.holder('daemon')).toBeUndefined();
  });

  it('keeps locks of different names apart', async () => {
    await using _one = await locks.acquire('refinery-a', NOW);
    await using _two = await locks.acquire('refinery-b', NOW);
    expect(await others.holder('refinery-a')).toBeDefined();
    expect(await others.holder('refinery-c')).toBeUndefined();
  });

  it('is not re-entrant: who asks twice is refused as anybody else', async () => {
    await using _held = await locks.acquire('events', NOW);
    await expect(drive(locks.acquire('events', NOW))).rejects.toMatchObject({ code: 'lock.held' });
  });

  it('waits for the holder, at most as long as allowed', async () => {
    const held = await locks.acquire('registry', NOW);
    await expect(drive(others.acquire('registry', { ...NOW, waitMs: 30 }))).rejects.toMatchObject({
      code: 'lock.held',
    });
    const waiting = others.acquire('registry', { ...NOW, waitMs: 60_000 });
    await held.release();
    await (await drive(waiting)).release();
  });

  it('does not take away the lock of the next holder when an old one is released twice', async () => {
    const old = await locks.acquire('dolt', NOW);
    await old.release();
    await using _next = await drive(others.acquire('dolt', NOW));
    await old.release();
    expect(await locks.holder('dolt')).toBeDefined();
  });

  it('lets every one of many waiters have its turn, one at a time', async () => {
    let inside = 0;
    let most = 0;
    const turn = async (who: Locks): Promise<void> => {
      await using _held = await who.acquire('shutdown', { waitMs: 60_000, purpose: 'turn' });
      inside += 1;
      most = Math.max(most, inside);
      await Promise.resolve();
      inside -= 1;
    };
    await drive(Promise.all(Array.from({ length: 12 }, (_, n) => turn(n % 2 === 0 ? locks : others))));
    expect({ most, inside }).toEqual({ most: 1, inside: 0 });
  });

  it('is not disturbed by somebody who only looks', async () => {
    for (let round = 0; round < 50; round += 1) {
      const [held] = await drive(Promise.all([locks.acquire('config', NOW), others.holder('config')]));
      await held.release();
    }
  });
}

const none: Locks = {
  acquire: () => Promise.reject(new Error('not set up')),
  holder: () => Promise.reject(new Error('not set up')),
};
