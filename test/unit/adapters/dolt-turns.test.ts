import { expect, it } from 'vitest';
import { createTurns } from '../../../src/adapters/dolt/turns.ts';

function gate() {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

it('short reads that come together run one after the other', async () => {
  const turns = createTurns();
  let running = 0;
  let most = 0;
  const read = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
  };
  await Promise.all([1, 2, 3, 4].map(() => turns.run(read)));
  expect(most).toBe(1);
});

it('a long read holds nobody up for long, and later ones find as many places at once', async () => {
  const turns = createTurns();
  const long = gate();
  const slow = turns.run(() => long.passed);
  expect(await turns.run(() => Promise.resolve('passed by'))).toBe('passed by');
  const [left, right] = [gate(), gate()];
  long.open();
  await slow;
  const both = [left, right].map((other, at) =>
    turns.run(() => {
      [right, left][at]?.open();
      return other.passed;
    }),
  );
  await Promise.all(both);
});

it('what fails gives its place free', async () => {
  const turns = createTurns();
  await expect(turns.run(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(await turns.run(() => Promise.resolve(1))).toBe(1);
});
