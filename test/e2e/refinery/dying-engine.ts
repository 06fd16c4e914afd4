import { createFaults } from '../../fakes/faults.ts';
import { openMergeTown } from '../../scenario/refinery/merge-town.ts';
import { realMachine } from './real-machine.ts';

/*
 * An engine in a process of its own: dying-engine HOME [N before|after]. Makes passes until there is nothing left to do,
 * or ends itself by SIGKILL at the Nth thing it changes outside.
 */
const [home = '', at, when] = process.argv.slice(2);
const CHANGES =
  /^git\.(?:remotes\.push|objects\.updateRef|worktrees\.(?:add|reset|remove))$|\.transaction$|\.transaction\(0\)\.run$|^files\.(?:writeAtomic|appendLine|remove)$|^processes\.run$/;

const faults = createFaults({ only: CHANGES, end: () => void process.kill(process.pid, 'SIGKILL') as never });
if (at !== undefined) faults.stopAt(Number(at), when === 'after' ? 'after' : 'before');
const machine = realMachine(home);
const { git, store, files, processes } = machine.ports;
const ports = {
  ...machine.ports,
  git: faults.wrap('git', git),
  store: faults.wrap('store', store),
  files: faults.wrap('files', files),
  processes: faults.wrap('processes', processes),
};
const town = await openMergeTown({ ...machine, ports });
await town.settle();
await store.close();
