/**
 * Another process that uses locks. `hold`: takes the lock and keeps it until it is killed. `count`: raises a number
 * in a file under the lock, `rounds` times.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createClock } from '../../src/adapters/clock.ts';
import { createLocks } from '../../src/adapters/locks.ts';
import { createProcesses } from '../../src/adapters/processes.ts';

const [mode, dir = '', file = '', rounds = '0'] = process.argv.slice(2);
const locks = createLocks({ dir, clock: createClock(), processes: createProcesses() });

if (mode === 'hold') {
  await locks.acquire('daemon', { waitMs: 0, purpose: 'gt daemon run' });
  process.send?.('held');
  setInterval(() => undefined, 1000);
} else {
  for (let round = 0; round < Number(rounds); round += 1) {
    await using _held = await locks.acquire('config', { waitMs: 60_000, purpose: 'count' });
    writeFileSync(file, `${Number(readFileSync(file, 'utf8')) + 1}`);
  }
}
