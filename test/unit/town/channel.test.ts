import { expect, test } from 'vitest';
import { emitToChannel, readChannel } from '../../../src/town/channel.ts';
import { createFakeClock } from '../../fakes/clock.ts';
import { createFakeFiles } from '../../fakes/files.ts';
import { createFakeProcesses } from '../../fakes/processes.ts';
import { createFakeRandom } from '../../fakes/random.ts';

const clock = createFakeClock();
const town = {
  root: '/town',
  ports: {
    clock,
    files: createFakeFiles({ clock }),
    processes: createFakeProcesses({ clock }),
    random: createFakeRandom(),
  },
};

test('a channel that nobody reads keeps its newest events only', async () => {
  for (let number = 0; number < 205; number += 1) {
    await clock.advance(1);
    await emitToChannel(town, { channel: 'witness', type: 'T', payload: { number: String(number) } });
  }
  const kept = await readChannel(town as never, 'witness', 'take');
  expect(kept).toHaveLength(200);
  expect(kept[0]?.content).toMatchObject({ payload: { number: '5' } });
  expect(await readChannel(town as never, 'witness', 'take')).toEqual([]);
});

test('what a killed reader had claimed goes with a later event', async () => {
  const path = await emitToChannel(town, { channel: 'boot', type: 'T', payload: {} });
  await town.ports.files.rename(path, `${path}.claimed`);
  const names = async () =>
    ((await town.ports.files.list('/town/events/boot')) ?? []).map(({ name }) => name);
  await emitToChannel(town, { channel: 'boot', type: 'T', payload: {} });
  expect(await names()).toHaveLength(2);
  await clock.advance(3_700_000);
  await emitToChannel(town, { channel: 'boot', type: 'T', payload: {} });
  expect((await names()).every((name) => name.endsWith('.event'))).toBe(true);
});
