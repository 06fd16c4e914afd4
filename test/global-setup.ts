import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

/**
 * P25: the run is marked in the environment of everything it starts; whatever of it is still alive at the end
 * fails the run. Linux only (elsewhere other processes' environments cannot be read).
 */
export default function setup(): () => void {
  const mark = `GT_TEST_RUN=${randomUUID()}`;
  process.env['GT_TEST_RUN'] = mark.slice('GT_TEST_RUN='.length);
  return () => {
    const survivors = processesMarked(mark);
    if (survivors.length === 0) return;
    process.exitCode = 1;
    throw new Error(`P25: processes of this test run are still alive:\n${survivors.join('\n')}`);
  };
}

function processesMarked(mark: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && Number(name) !== process.ppid)
    .flatMap((pid) => {
      const environment = read(`/proc/${pid}/environ`);
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
      // vitest's own workers carry the mark too and end after this.
      if (!environment.split('\0').includes(mark) || command === '' || command.includes('vitest')) return [];
      return [`${pid} ${command.slice(0, 160)}`];
    });
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
