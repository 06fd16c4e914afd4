import type { TownContext } from '../beads/context.ts';
import { readAttempts } from '../town/attempts.ts';
import { readTownSettings } from '../town/settings.ts';
import { readWanted } from '../town/wanted.ts';
import type { Rig } from '../rig/registry.ts';
import { readRigSettings } from '../rig/settings.ts';
import { NEW_MEMORY } from './memory.ts';
import { baseRules } from './rules.ts';
import { readRigView } from './view/rig-view.ts';
import { readDaemonService } from './view/services.ts';
import type { RigView } from './view/types.ts';

/** What `gt rig status` shows beyond the rig's own record. */
export interface RigStatus {
  readonly view: RigView;
  readonly engineOn: boolean;
  readonly beads: {
    readonly open: number;
    readonly ready: number;
    readonly inWork: number;
    readonly queued: number;
    readonly blocked: number;
  };
  /** Settings that nothing reads, gates that do not exist. */
  readonly warnings: readonly string[];
}

export async function readRigStatus(ctx: TownContext, rig: Rig): Promise<RigStatus> {
  const now = ctx.ports.clock.now();
  const [daemon, wanted, attempts, town, settings] = await Promise.all([
    readDaemonService(ctx),
    readWanted(ctx),
    readAttempts(ctx),
    readTownSettings(ctx),
    readRigSettings(ctx, rig),
  ]);
  const engine = daemon.running ? daemon.own?.engines.find((each) => each.rig === rig.name) : undefined;
  const { view } = await readRigView(ctx, rig, {
    town: { now, wanted, attempts, rigs: [rig], memory: NEW_MEMORY },
    rules: { ...baseRules(town, now), stuckMs: town.get('worker_status.stuck_threshold') },
    engine,
  });
  const ledger = await ctx.ledgers.open(rig.database);
  const notType = ['agent', 'rig', 'role'];
  const tables = ['issues'] as const;
  const [open, inWork, ready] = await Promise.all([
    ledger.count({ status: ['open'], notType, tables }),
    ledger.count({ status: ['hooked', 'in_progress'], notType, tables }),
    ledger.ready({ assignee: '' }),
  ]);
  return {
    view,
    engineOn: daemon.running && view.closed === undefined && settings.get('merge_queue.enabled'),
    beads: { open, ready: ready.length, inWork, queued: view.queue.length, blocked: view.blocked.length },
    warnings: settings.warnings,
  };
}
