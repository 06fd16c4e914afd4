import type { TownContext } from '../../beads/context.ts';
import { restDaemon } from '../../beads/place/rest-daemon.ts';
import { upgradeLedger } from '../../beads/place/upgrade.ts';
import { unreachable } from '../../core/errors.ts';
import { startStore, stopStore } from '../store-service.ts';
import { readDoltStatus } from '../../town/dolt-server.ts';
import { planUpgrade, type UpgradeStep } from './plan.ts';

/**
 * Brings the town up to date and returns what was done; `look` only says it. A ledger server that did not run is
 * stopped again. RefusedError `store.daemon-runs` when the schema changes under a daemon.
 */
export async function runUpgrade(ctx: TownContext, how: 'do' | 'look'): Promise<readonly UpgradeStep[]> {
  const wasUp = ctx.ports.store.kind === 'sqlite' || (await readDoltStatus(ctx)).state === 'running';
  await startStore(ctx);
  try {
    const steps = await planUpgrade(ctx);
    if (how === 'do') await carryOut(ctx, steps);
    return steps;
  } finally {
    if (!wasUp) await stopStore(ctx);
  }
}

async function carryOut(ctx: TownContext, steps: readonly UpgradeStep[]): Promise<void> {
  await using held = new AsyncDisposableStack();
  if (steps.some(({ kind }) => kind === 'schema')) held.use(await restDaemon(ctx, 'gt upgrade'));
  for (const step of steps) await doStep(ctx, step);
}

async function doStep(ctx: TownContext, step: UpgradeStep): Promise<void> {
  switch (step.kind) {
    case 'schema':
      await upgradeLedger(ctx.ports, step.database);
      return;
    case 'write':
      return ctx.ports.files.writeAtomic(step.path, step.content, { mode: step.mode });
    case 'skip':
      return;
    default:
      return unreachable(step, 'upgrade step');
  }
}
