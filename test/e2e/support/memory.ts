import { readFileSync } from 'node:fs';

export interface Memory {
  readonly rss: number;
  readonly private: number;
}

/** Of one process, MiB (Linux). */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const field = (name: string): number =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? NaN) / 1024;
  return { rss: field('Rss'), private: field('Private_Dirty') };
}

/** Processor time that a process has used, milliseconds (Linux, 100 ticks a second). */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
