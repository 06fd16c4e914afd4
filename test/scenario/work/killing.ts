import type { TownPorts } from '../../../src/ports/index.ts';
import { Stop, createFaults } from '../../fakes/faults.ts';
import type { Faults } from '../../fakes/faults.ts';
import { asProcess } from './town.ts';
import type { AnyTown } from './town.ts';

/** A process of that town that dies at a step of spec 11: all it does afterwards has no effect, its locks are free. */
export async function dyingProcess(
  town: AnyTown,
  step: string,
  when: 'before' | 'after',
): Promise<{ readonly town: AnyTown; readonly faults: Faults; readonly died: () => boolean }> {
  const faults = createFaults();
  const { ports, die } = killablePorts(town, faults);
  let died = false;
  const killed = await asProcess(town, {
    ports,
    failpoint: (at, now) => {
      if (at !== step || now !== when || died) return;
      died = true;
      faults.stopAt(faults.calls.length + 1, 'before');
      die();
      throw new Stop(at, now);
    },
  });
  return { town: killed, faults, died: () => died };
}

/** Calls that change something; a process killed between two others leaves the same as one killed after the first. */
const EFFECT =
  /\.(?:run|transaction|push|fetch|commitAll|updateRef|checkout|add|reset|snapshot|writeAtomic|appendLine|remove|rename|makeDir|prepare|start|stop|restart|ready)$/;

/** Numbers (from 1) of the calls that change something. */
export function effectCalls(calls: readonly string[]): readonly number[] {
  return calls.flatMap((name, index) => (EFFECT.test(name) ? [index + 1] : []));
}

/** The ports of a process that can be killed at any call, and its locks, which die with it. */
export function killablePorts(
  town: AnyTown,
  faults: Faults,
): { readonly ports: Partial<TownPorts>; readonly die: () => void } {
  const { ports } = town.ctx;
  const locks = town.locks.asProcess(4242);
  return {
    ports: {
      files: faults.wrap('files', ports.files),
      git: faults.wrap('git', ports.git),
      store: faults.wrap('store', ports.store),
      processes: faults.wrap('processes', ports.processes),
      tmux: faults.wrap('tmux', ports.tmux),
      panes: faults.wrap('panes', ports.panes),
      locks,
    },
    die: () => locks.die(),
  };
}
