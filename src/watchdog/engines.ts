import type { TownContext } from '../beads/context.ts';
import type { Rig } from '../rig/registry.ts';
import { startEngine } from './engine-loop.ts';
import type { EngineDeps, EngineLoop, EngineView } from './engine-loop.ts';

/** The merge engines of all rigs. */
export interface Engines {
  /** Starts engines of new rigs, ends those of rigs that are gone or parked. */
  follow(rigs: readonly Rig[]): Promise<void>;
  wakeAll(): void;
  views(): readonly EngineView[];
  stopAll(): Promise<void>;
}

export function createEngines(ctx: TownContext, deps: EngineDeps): Engines {
  const running = new Map<string, EngineLoop>();
  const stop = async (name: string): Promise<void> => {
    const engine = running.get(name);
    running.delete(name);
    await engine?.stop();
  };
  return {
    async follow(rigs) {
      const wanted = new Map(rigs.map((rig) => [rig.name as string, rig]));
      const leaving = [...running].filter(([name, engine]) => isOther(engine.rig, wanted.get(name)));
      await Promise.all(leaving.map(([name]) => stop(name)));
      for (const [name, rig] of wanted) {
        if (!running.has(name)) running.set(name, startEngine(ctx, rig, deps));
      }
    },
    wakeAll: () => {
      for (const engine of running.values()) engine.wake();
    },
    views: () => [...running.values()].map((engine) => engine.view()),
    async stopAll() {
      await Promise.all([...running.keys()].map(stop));
    },
  };
}

/** Gone, or registered anew with another repository or branch. */
function isOther(old: Rig, now: Rig | undefined): boolean {
  return (
    now === undefined ||
    old.gitUrl !== now.gitUrl ||
    old.pushUrl !== now.pushUrl ||
    old.defaultBranch !== now.defaultBranch
  );
}
