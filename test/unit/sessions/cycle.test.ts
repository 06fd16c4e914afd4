import { expect, test } from 'vitest';
import { parseAddress } from '../../../src/core/address.ts';
import type { SessionName } from '../../../src/core/names.ts';
import { stepFrom } from '../../../src/sessions/cycle.ts';

const SHOWN = Object.entries({
  'sh-witness': 'shop/witness',
  'sh-nux': 'shop/polecats/nux',
  'sh-crew-bob': 'shop/crew/bob',
  'hq-mayor': 'mayor',
  'sh-refinery': 'shop/refinery',
  'dm-nux': 'demo/polecats/nux',
  'hq-deacon': 'deacon',
  'sh-crew-ann': 'shop/crew/ann',
}).map(([session, address]) => ({ session: session as SessionName, address: parseAddress(address) }));

function walk(from: string, step: 1 | -1, group?: string): readonly (string | undefined)[] {
  const seen: string[] = [];
  for (let current = from as SessionName; ;) {
    const address = group ?? SHOWN.find(({ session }) => session === from)?.address;
    const next = stepFrom(current, SHOWN, {
      step,
      group: typeof address === 'string' ? parseAddress(address) : (address ?? parseAddress('overseer')),
    });
    if (next === undefined || seen.includes(next)) return seen;
    seen.push(next);
    current = next;
  }
}

test('each group goes round by name: a rig’s workers, its crew, the town’s own agents', () => {
  expect(walk('sh-nux', 1)).toEqual(['sh-refinery', 'sh-witness', 'sh-nux']);
  expect(walk('sh-nux', -1)).toEqual(['sh-witness', 'sh-refinery', 'sh-nux']);
  expect(walk('sh-crew-bob', 1)).toEqual(['sh-crew-ann', 'sh-crew-bob']);
  expect(walk('hq-mayor', 1)).toEqual(['hq-deacon', 'hq-mayor']);
});

test('who is alone stays', () => {
  expect(walk('dm-nux', 1)).toEqual([]);
});

test('from elsewhere the town’s agents are entered at their first or last one', () => {
  expect(walk('sh-nux', 1, 'mayor')[0]).toBe('hq-deacon');
  expect(walk('sh-nux', -1, 'mayor')[0]).toBe('hq-mayor');
});
