import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OVERSEER } from '../../../src/core/address.ts';
import { readNotificationLevel, setNotificationLevel } from '../../../src/sessions/notification-level.ts';
import { nudgeTarget } from '../../../src/sessions/nudge-target.ts';
import { targetOf } from '../../../src/sessions/target.ts';
import type { Target } from '../../../src/sessions/target.ts';
import { makeWorkTown, polecatAddress } from './town.ts';
import type { WorkTown } from './town.ts';

let town: WorkTown;
let furiosa: Target;
beforeEach(async () => {
  town = await makeWorkTown();
  const { id } = await town.create();
  await town.dispatch(id);
  furiosa = await targetOf(town.ctx, polecatAddress('furiosa'));
  town.panes.show(furiosa.session, 'idle');
});
afterEach(() => town.close());

const send = (force: boolean) =>
  town.clock.drive(
    nudgeTarget(town.ctx, furiosa, {
      message: 'hello',
      mode: 'wait-idle',
      priority: 'normal',
      sender: OVERSEER,
      force,
    }),
  );

describe('an agent that is muted', () => {
  test('is left alone, but for what is forced', async () => {
    await setNotificationLevel(town.ctx, furiosa, 'muted');
    expect(await send(false)).toMatchObject({ kind: 'skipped' });
    expect(town.panes.typed(furiosa.session)).toEqual([]);
    expect(await send(true)).toEqual({ kind: 'delivered' });
  });

  test('stays muted over its sessions, and its row keeps all else', async () => {
    const before = await town.row('furiosa');
    await setNotificationLevel(town.ctx, furiosa, 'muted');
    town.panes.exit(furiosa.session, { code: 0 });
    expect(await readNotificationLevel(town.ctx, furiosa)).toBe('muted');
    expect(await town.row('furiosa')).toMatchObject({ spawn: before?.spawn, branch: before?.branch });
    await setNotificationLevel(town.ctx, furiosa, 'normal');
    town.panes.show(furiosa.session, 'idle');
  });

  test('cannot be the person who runs the town', async () => {
    const overseer = await targetOf(town.ctx, OVERSEER);
    await expect(setNotificationLevel(town.ctx, overseer, 'muted')).rejects.toMatchObject({
      code: 'notify.no-agent',
    });
  });
});
