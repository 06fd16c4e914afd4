import { expect, test } from 'vitest';
import { lazyPort } from '../../../src/lazy-port.ts';

interface Counter {
  add(by: number): Promise<number>;
}

function counter(start: number): Counter {
  let value = start;
  return { add: (by) => Promise.resolve((value += by)) };
}

test('the adapter is made by the first call, once', async () => {
  let made = 0;
  const port = lazyPort(() => {
    made += 1;
    return Promise.resolve(counter(10));
  });
  expect(made).toBe(0);
  expect(await Promise.all([port.add(1), port.add(2)])).toEqual([11, 13]);
  expect(made).toBe(1);
});

test('awaiting the port itself does not load it', async () => {
  let made = 0;
  const port = lazyPort(() => {
    made += 1;
    return Promise.resolve(counter(0));
  });
  expect(await Promise.resolve(port)).toBe(port);
  expect(made).toBe(0);
});

test('an adapter that cannot be loaded fails the call', async () => {
  const port = lazyPort<Counter>(() => Promise.reject(new Error('no such package')));
  await expect(port.add(1)).rejects.toThrow('no such package');
});
