import type { TownContext } from '../beads/context.ts';
import { known, unknownFact } from '../core/fact.ts';
import type { Fact } from '../core/fact.ts';

export interface MachineSize {
  readonly cores: number;
  readonly memoryGiB: number;
  /** One-minute load average. */
  readonly load: number;
  /** Memory that new processes could have. */
  readonly freeGiB: number;
}

const GIB = 1024 ** 3;

/** How big this machine is and how busy: /proc where there is one, else sysctl. */
export async function readMachineSize(ctx: TownContext): Promise<Fact<MachineSize>> {
  const { files } = ctx.ports;
  const [cpu, memory, load] = await Promise.all(
    ['/proc/cpuinfo', '/proc/meminfo', '/proc/loadavg'].map((path) => files.readText(path)),
  );
  if (cpu !== undefined && memory !== undefined && load !== undefined)
    return parseProc({ cpu, memory, load });
  const result = await ctx.ports.processes.run({
    argv: ['sysctl', '-n', 'hw.ncpu', 'hw.memsize', 'vm.loadavg'],
    env: ctx.env,
    timeoutMs: 2000,
  });
  return result.end === 'exit' && result.code === 0
    ? parseSysctl(result.stdout)
    : unknownFact('neither /proc nor sysctl tells the size of this machine');
}

export function parseProc(text: {
  readonly cpu: string;
  readonly memory: string;
  readonly load: string;
}): Fact<MachineSize> {
  const kib = (name: string): number =>
    Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(text.memory)?.[1] ?? Number.NaN);
  return checked({
    cores: text.cpu.match(/^processor\s*:/gm)?.length ?? 1,
    memoryGiB: kib('MemTotal') / 1024 ** 2,
    load: Number.parseFloat(text.load),
    freeGiB: kib('MemAvailable') / 1024 ** 2,
  });
}

/** macOS does not tell what is free in one word; its memory compressor makes "free" mean little anyway. */
export function parseSysctl(text: string): Fact<MachineSize> {
  const [cores = '', bytes = '', load = ''] = text.split('\n');
  const memoryGiB = Number(bytes) / GIB;
  const one = Number.parseFloat(load.replaceAll(/[{}]/g, ''));
  return checked({ cores: Number(cores), memoryGiB, load: one, freeGiB: memoryGiB });
}

function checked(size: MachineSize): Fact<MachineSize> {
  const readable = Object.values(size).every((value) => Number.isFinite(value)) && size.cores > 0;
  return readable ? known(size) : unknownFact('the size of this machine is not readable');
}
